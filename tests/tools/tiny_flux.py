"""Makes a FLUX.2 klein checkpoint of a few megabytes with random weights.

mflux runs its real pipeline with it, in about a second a picture on a CPU, and paints noise. Run as
`python tests/tools/tiny_flux.py FOLDER`.
"""

# ruff: noqa: PLC0415  # mflux is optional, and this file is imported where it may be missing

import json
import sys
from pathlib import Path
from typing import Any

TRANSFORMER = {
    "num_layers": 1,
    "num_single_layers": 1,
    "num_attention_heads": 1,
    "attention_head_dim": 64,
    # Three times the hidden size of the text encoder.
    "joint_attention_dim": 48,
    "axes_dims_rope": [16, 16, 16, 16],
}
TEXT_ENCODER = {
    "vocab_size": 320,
    "hidden_size": 16,
    # The pipeline taps layers 9, 18 and 27.
    "num_hidden_layers": 27,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "intermediate_size": 16,
}
# They differ where those of the real decoder do, which decides where it has shortcuts.
VAE_CHANNELS = (32, 64, 32, 32)
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_tiny_flux(folder: Path, seed: int = 7) -> Path:
    """Writes the checkpoint, unless it is there already. Needs mflux."""
    sidecar = folder / "hatchery-model.json"
    if sidecar.exists():
        return folder
    import mlx.core as mx
    from mflux.models.flux2.model.flux2_text_encoder.qwen3_text_encoder import Qwen3TextEncoder
    from mflux.models.flux2.model.flux2_transformer.transformer import Flux2Transformer
    from mflux.models.flux2.model.flux2_vae.vae import Flux2VAE

    mx.random.seed(seed)
    _save(Flux2Transformer(**TRANSFORMER), folder / "transformer")
    _save(Qwen3TextEncoder(**TEXT_ENCODER), folder / "text_encoder")
    # The decoder takes its shape from its weights. Nothing here encodes a picture.
    vae = Flux2VAE(decoder_block_out_channels=VAE_CHANNELS)
    del vae["encoder"]
    _save(vae, folder / "vae")
    _save_tokenizer(folder / "tokenizer")
    content = {
        "base_model": "flux2-klein-4b",
        "title": "Tiny random FLUX.2 klein",
        "transformer_overrides": TRANSFORMER,
        "text_encoder_overrides": TEXT_ENCODER,
    }
    # Last, because it says that the rest is complete.
    sidecar.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return folder


def _save(module: Any, folder: Path) -> None:
    import mlx.core as mx
    from mlx.utils import tree_flatten

    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.astype(mx.bfloat16) for k, v in tree_flatten(module.parameters())}
    metadata = {"quantization_level": "None", "mflux_version": "0.24.0"}
    mx.save_safetensors(str(folder / "0.safetensors"), weights, metadata)


def _save_tokenizer(folder: Path) -> None:
    """A tokenizer whose tokens are bytes, in the form of Qwen's."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import Qwen2TokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL_TOKENS])
    fast = Qwen2TokenizerFast(tokenizer_object=tokenizer, pad_token=SPECIAL_TOKENS[0])
    fast.chat_template = CHAT_TEMPLATE
    fast.save_pretrained(folder)


if __name__ == "__main__":
    print(make_tiny_flux(Path(sys.argv[1])))
