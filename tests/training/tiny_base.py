"""A tiny random Qwen2 with a tokenizer of bytes, written as GGUF: llama.cpp and Transformers load it."""

from __future__ import annotations

from pathlib import Path

import gguf
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
_LAYERS, _HIDDEN, _HEADS, _KEYS, _INNER, _CONTEXT = 2, 64, 4, 2, 128, 16_384
_NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def tokens() -> list[str]:
    """GPT-2's letters for the 256 bytes, one merge, and the special tokens."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    others = [byte for byte in range(256) if byte not in letters]
    letters |= {byte: chr(256 + at) for at, byte in enumerate(others)}
    return [*(letters[byte] for byte in range(256)), "Ġt", *SPECIAL]


def make(seed: int = 0) -> Qwen2ForCausalLM:
    torch.manual_seed(seed)
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokens()),
            hidden_size=_HIDDEN,
            intermediate_size=_INNER,
            num_hidden_layers=_LAYERS,
            num_attention_heads=_HEADS,
            num_key_value_heads=_KEYS,
            max_position_embeddings=_CONTEXT,
            tie_word_embeddings=False,
            initializer_range=0.2,
        )
    ).eval()


def write(path: Path, model: Qwen2ForCausalLM) -> Path:
    """The model as a GGUF file in 32 bits."""
    told = model.config
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("tiny")
    writer.add_block_count(told.num_hidden_layers)
    writer.add_context_length(told.max_position_embeddings)
    writer.add_embedding_length(told.hidden_size)
    writer.add_feed_forward_length(told.intermediate_size)
    writer.add_head_count(told.num_attention_heads)
    writer.add_head_count_kv(told.num_key_value_heads)
    writer.add_rope_freq_base(told.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(told.rms_norm_eps)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    known = tokens()
    writer.add_token_list(known)
    writer.add_token_types([3 if one in SPECIAL else 1 for one in known])
    writer.add_token_merges(["Ġ t"])
    writer.add_eos_token_id(known.index("<|im_end|>"))
    writer.add_pad_token_id(known.index("<|endoftext|>"))
    writer.add_bos_token_id(known.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in model.state_dict().items():
        writer.add_tensor(gguf_name(name), tensor.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def gguf_name(name: str) -> str:
    """
    >>> gguf_name("model.layers.1.self_attn.q_proj.bias")
    'blk.1.attn_q.bias'
    """
    whole = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight",
    }
    if name in whole:
        return whole[name]
    _, _, block, rest = name.split(".", 3)
    module, _, kind = rest.rpartition(".")
    return f"blk.{block}.{_NAMES[module]}.{kind}"
