// Makes kernel/sdk/onnx/generated/onnx_pb.js and .d.ts from kernel/sdk/onnx/proto/onnx.proto. Needs `protoc` (Debian: protobuf-compiler).
import { spawnSync } from "node:child_process";

const run = spawnSync(
  "protoc",
  [
    "--plugin=protoc-gen-es=node_modules/.bin/protoc-gen-es",
    "--proto_path=kernel/sdk/onnx/proto",
    "--es_out=kernel/sdk/onnx/generated",
    "--es_opt=target=js+dts",
    "onnx.proto",
  ],
  { stdio: "inherit" },
);
if (run.error)
  console.error("protoc was not found: install it (Debian: apt-get install protobuf-compiler), then run this again");
process.exit(run.status ?? 1);
