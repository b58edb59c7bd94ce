"""The PyTorch side of training-step.bench.ts: exports nets, and times AdamW steps on them (Debian's python3-torch)."""
import json
import os
import sys
import time
import warnings

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")


class Attention(nn.Module):
    def __init__(self, width, context, heads, rank=0):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (Linear(i, width, rank) for i in (width, context, context, width))

    def forward(self, x, context):
        b, n, w = x.shape
        split = lambda t: t.reshape(b, -1, self.heads, w // self.heads).transpose(1, 2)
        q, k, v = split(self.q(x)), split(self.k(context)), split(self.v(context))
        y = (q @ k.transpose(-1, -2) * (w // self.heads) ** -0.5).softmax(-1) @ v
        return self.o(y.transpose(1, 2).reshape(b, n, w))


class Linear(nn.Module):
    """A linear layer, with a LoRA beside it where `rank` is not 0."""

    def __init__(self, inputs, outputs, rank):
        super().__init__()
        self.base = nn.Linear(inputs, outputs, bias=False)
        self.lora = nn.Sequential(nn.Linear(inputs, rank, bias=False), nn.Linear(rank, outputs, bias=False)) if rank else None

    def forward(self, x):
        return self.base(x) + self.lora(x) if self.lora else self.base(x)


class Block(nn.Module):
    def __init__(self, width, context, heads, rank=0):
        super().__init__()
        self.n1, self.n2, self.n3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.a1, self.a2 = Attention(width, width, heads, rank), Attention(width, context, heads, rank)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, context):
        n = self.n1(x)
        x = x + self.a1(n, n)
        x = x + self.a2(self.n2(x), context)
        return x + self.down(F.gelu(self.up(self.n3(x))))


class Transformer(nn.Module):
    shapes = ((8, 64, 256), (8, 64, 256))

    def __init__(self, rank):
        super().__init__()
        self.blocks = nn.ModuleList([Block(256, 256, 8, rank) for _ in range(2)])

    def forward(self, x, target):
        y = x
        for block in self.blocks:
            y = block(y, x)
        return (y - target).pow(2).mean()


class Conv(nn.Module):
    shapes = ((32, 64, 16, 16), (32, 64, 16, 16))

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(64, 64, 3, padding=1) for _ in range(4)])

    def forward(self, x, target):
        for conv in self.convs:
            x = F.silu(conv(x))
        return (x - target).pow(2).mean()


class Resnet(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.n1, self.n2 = nn.GroupNorm(8, inputs), nn.GroupNorm(8, outputs)
        self.c1, self.c2 = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        return self.skip(x) + self.c2(F.silu(self.n2(self.c1(F.silu(self.n1(x))))))


class Unet(nn.Module):
    """About three million parameters on 16x16 latents, like the tiny models' denoiser."""

    shapes = ((32, 4, 16, 16), (32, 4, 16, 16))

    def __init__(self):
        super().__init__()
        c = (48, 64, 96)
        self.first = nn.Conv2d(4, c[0], 3, padding=1)
        self.downs = nn.ModuleList([Resnet(c[max(0, i - 1)], c[i]) for i in range(3)])
        self.halves = nn.ModuleList([nn.Conv2d(c[i], c[i], 3, stride=2, padding=1) for i in range(2)])
        self.blocks = nn.ModuleList([Block(c[i], c[i], c[i] // 16) for i in (1, 2, 2, 2, 1)])
        self.mid = nn.ModuleList([Resnet(96, 96), Resnet(96, 96)])
        self.ups = nn.ModuleList([Resnet(192, 96), Resnet(160, 64), Resnet(112, 48)])
        self.wide = nn.ModuleList([nn.Conv2d(96, 96, 3, padding=1), nn.Conv2d(64, 64, 3, padding=1)])
        self.norm, self.last = nn.GroupNorm(8, c[0]), nn.Conv2d(c[0], 4, 3, padding=1)

    def attend(self, i, x):
        b, c, h, w = x.shape
        t = x.reshape(b, c, h * w).transpose(1, 2)
        return self.blocks[i](t, t).transpose(1, 2).reshape(b, c, h, w)

    def forward(self, x, target):
        x = self.first(x)
        skips = []
        for i in range(3):
            x = self.downs[i](x)
            if i:
                x = self.attend(i - 1, x)
            skips.append(x)
            if i < 2:
                x = self.halves[i](x)
        x = self.mid[1](self.attend(2, self.mid[0](x)))
        for i in range(3):
            x = self.ups[i](torch.cat([x, skips.pop()], 1))
            if i < 2:
                x = self.wide[i](F.interpolate(self.attend(3 + i, x), scale_factor=2.0, mode="nearest"))
        return (self.last(F.silu(self.norm(x))) - target).pow(2).mean()


nets = {
    "transformer, LoRA": (lambda: Transformer(8), "lora"),
    "transformer, all weights": (lambda: Transformer(0), ""),
    "convolutions, all weights": (Conv, ""),
    "UNet, all weights": (Unet, ""),
}


def build(name):
    torch.manual_seed(0)
    make, part = nets[name]
    module = make()
    for parameter in module.parameters():  # no two are equal, so that each is an initializer of its own
        if parameter.dim() == 1:
            parameter.data.add_(0.01 * torch.randn_like(parameter))
    feeds = [torch.randn(shape) for shape in module.shapes]
    named = {n: p for n, p in module.named_parameters() if part in n}
    for n, p in module.named_parameters():
        p.requires_grad_(n in named)
    return module, feeds, named


torch.set_num_threads(int(os.environ.get("THREADS", "2")))
if sys.argv[1] == "export":
    from onnx import load_model, numpy_helper

    for name in nets:
        module, feeds, named = build(name)
        path = os.path.join(sys.argv[2], name.replace(" ", "-").replace(",", "") + ".onnx")
        torch.onnx.export(module, tuple(feeds), path, opset_version=17, input_names=["x", "target"], output_names=["loss"], training=torch.onnx.TrainingMode.EVAL)
        weights = [(i.name, torch.from_numpy(numpy_helper.to_array(i).copy()).reshape(-1)) for i in load_model(path).graph.initializer]
        found = []
        for n, p in named.items():
            flat = [p.detach().reshape(-1)] + ([p.detach().t().reshape(-1)] if p.dim() == 2 else [])
            found.append(next(w for w, v in weights if w == n or any(v.shape == f.shape and torch.equal(v, f) for f in flat)))
        print(json.dumps({"name": name, "path": path, "parameters": found, "shapes": module.shapes}), flush=True)
else:
    module, feeds, named = build(sys.argv[2])
    optimizer = torch.optim.AdamW(named.values(), lr=1e-4)
    for line in sys.stdin:  # one line asks for a round of that many steps
        for step in range(int(line)):
            if step == 1:
                wall, cpu = time.perf_counter(), time.process_time()
            optimizer.zero_grad()
            module(*feeds).backward()
            optimizer.step()
        steps = int(line) - 1
        print(json.dumps({"wall": (time.perf_counter() - wall) * 1000 / steps, "cpu": (time.process_time() - cpu) * 1000 / steps}), flush=True)
