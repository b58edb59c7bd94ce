"""Executes a notebook file with nbclient, in its folder. Reads {path, kernel}; prints the executed notebook."""

import json
import os
import sys

import nbclient
import nbformat

asked = json.load(sys.stdin)
notebook = nbformat.read(asked["path"], as_version=4)
nbclient.NotebookClient(
    notebook,
    kernel_name=asked["kernel"],
    timeout=120,
    allow_errors=True,
    resources={"metadata": {"path": os.path.dirname(asked["path"])}},
).execute()
nbformat.validate(notebook)
print(json.dumps(notebook))
