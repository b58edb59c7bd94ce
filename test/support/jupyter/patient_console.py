"""Jupyter's console with time to spare: two of its limits are constants, and on a busy machine it stumbles when they run out."""

from jupyter_console.app import main
from jupyter_console.ptshell import ZMQTerminalInteractiveShell

init = ZMQTerminalInteractiveShell.init_prompt_toolkit_cli


def patient(self):
    # It waits a second for the history, and takes what comes later for the answer to its next question.
    get = self.client.get_shell_msg
    self.client.get_shell_msg = lambda timeout: get(timeout=60)
    init(self)
    del self.client.get_shell_msg
    # A second after a key it looks for more, and fails when it still waits for the kernel because of that key.
    self.pt_cli.app.timeoutlen = None


ZMQTerminalInteractiveShell.init_prompt_toolkit_cli = patient
main()
