"""Checkpoints of the pack's models with random weights: the real classes and files, a few kB each.

python tiny.py FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import torch
import transformers

_WORDS = (
    "a an the is it what color of car cars dog house red white damaged intact photo text that not "
    "question answer this street with"
)
_PIXELS = 32
_HIDDEN = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
_VISION = {**_HIDDEN, "image_size": _PIXELS, "patch_size": 8}
_SIZE = {"height": _PIXELS, "width": _PIXELS}


def make(folder: Path) -> None:
    """All of them, and the `vision.toml` that names them: `DICE_MODELS` of a worker."""
    torch.manual_seed(7)
    makers: dict[str, Callable[[Path], None]] = {
        "glip": _grounding_dino,
        "blip": _blip_vqa,
        "xvlm": _blip_matching,
        "caption": _blip_caption,
        "clip_rank": _clip,
        "ocr": _trocr,
        "blip2": _blip2,
    }
    for name, maker in makers.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        maker(folder / name)
    lines = [f'{name} = "{name}"' for name in makers if name != "blip2"]
    (folder / "vision.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _bert(folder: Path) -> transformers.PreTrainedTokenizerBase:
    tokens = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "[DEC]",
        "[ENC]",
        ".",
        "?",
        ":",
        *dict.fromkeys(_WORDS.split()),
    ]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(tokens), encoding="utf-8")
    return transformers.BertTokenizerFast(vocab=str(vocabulary), vocab_file=str(vocabulary))


def _bytes_of_text(folder: Path) -> tuple[Path, Path]:
    """A vocabulary of bytes, without merges: what CLIP's tokenizer reads."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    tokens = [
        *letters,
        *(f"{letter}</w>" for letter in letters),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    vocabulary.write_text(
        json.dumps({token: number for number, token in enumerate(tokens)}), encoding="utf-8"
    )
    merges.write_text("#version: 0.2\n", encoding="utf-8")
    return vocabulary, merges


def _text(tokenizer: transformers.PreTrainedTokenizerBase) -> dict[str, int]:
    return {
        **_HIDDEN,
        "vocab_size": len(tokenizer),
        "encoder_hidden_size": 16,
        "max_position_embeddings": 64,
        "bos_token_id": tokenizer.convert_tokens_to_ids("[DEC]"),
        "sep_token_id": tokenizer.sep_token_id,
        "eos_token_id": tokenizer.sep_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _blip(folder: Path, kind: type) -> None:
    tokenizer = _bert(folder)
    config = transformers.BlipConfig(
        text_config=_text(tokenizer),
        vision_config=_VISION,
        projection_dim=16,
        image_text_hidden_size=16,
    )
    kind(config).save_pretrained(folder)
    images = transformers.BlipImageProcessor(size=_SIZE)
    transformers.BlipProcessor(images, tokenizer).save_pretrained(folder)


def _blip_vqa(folder: Path) -> None:
    _blip(folder, transformers.BlipForQuestionAnswering)


def _blip_matching(folder: Path) -> None:
    _blip(folder, transformers.BlipForImageTextRetrieval)


def _blip_caption(folder: Path) -> None:
    _blip(folder, transformers.BlipForConditionalGeneration)


def _clip(folder: Path) -> None:
    tokenizer = transformers.CLIPTokenizerFast(*(str(file) for file in _bytes_of_text(folder)))
    text = {
        **_HIDDEN,
        "vocab_size": len(tokenizer),
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    config = transformers.CLIPConfig(text_config=text, vision_config=_VISION, projection_dim=16)
    transformers.CLIPModel(config).save_pretrained(folder)
    images = transformers.CLIPImageProcessor(size={"shortest_edge": _PIXELS}, crop_size=_SIZE)
    transformers.CLIPProcessor(images, tokenizer).save_pretrained(folder)


def _trocr(folder: Path) -> None:
    tokenizer = _bert(folder)
    encoder = transformers.ViTConfig(**_VISION)
    decoder = transformers.TrOCRConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        cross_attention_hidden_size=16,
        decoder_layers=1,
        decoder_attention_heads=2,
        decoder_ffn_dim=32,
        max_position_embeddings=80,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        decoder_start_token_id=tokenizer.cls_token_id,
    )
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    config.decoder_start_token_id = tokenizer.cls_token_id
    config.pad_token_id = tokenizer.pad_token_id
    config.eos_token_id = tokenizer.sep_token_id
    model = transformers.VisionEncoderDecoderModel(config)
    model.generation_config.decoder_start_token_id = tokenizer.cls_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.generation_config.eos_token_id = tokenizer.sep_token_id
    model.save_pretrained(folder)
    images = transformers.ViTImageProcessor(size=_SIZE)
    transformers.TrOCRProcessor(images, tokenizer).save_pretrained(folder)


def _grounding_dino(folder: Path) -> None:
    tokenizer = _bert(folder)
    backbone = transformers.SwinConfig(
        image_size=_PIXELS,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1, 1],
        num_heads=[1, 2, 2],
        window_size=4,
        out_features=["stage2", "stage3"],
    )
    text = transformers.BertConfig(**_HIDDEN, vocab_size=len(tokenizer), max_position_embeddings=64)
    config = transformers.GroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        num_queries=9,
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_feature_levels=3,
        encoder_n_points=2,
        decoder_n_points=2,
        max_text_len=32,
    )
    transformers.GroundingDinoForObjectDetection(config).save_pretrained(folder)
    images = transformers.GroundingDinoImageProcessor(
        size={"shortest_edge": 64, "longest_edge": 96}
    )
    transformers.GroundingDinoProcessor(images, tokenizer).save_pretrained(folder)


def _blip2(folder: Path) -> None:
    vocabulary, merges = _bytes_of_text(folder)
    tokenizer = transformers.GPT2TokenizerFast(
        str(vocabulary),
        str(merges),
        unk_token="<|endoftext|>",
        bos_token="<|startoftext|>",
        eos_token="<|endoftext|>",
        pad_token="<|endoftext|>",
    )
    tokenizer.add_tokens([transformers.AddedToken("<image>", normalized=False, special=True)])
    text = transformers.OPTConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        ffn_dim=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        word_embed_proj_dim=16,
        max_position_embeddings=128,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    config = transformers.Blip2Config(
        vision_config=_VISION,
        qformer_config={**_HIDDEN, "encoder_hidden_size": 16, "vocab_size": 40},
        text_config=text.to_dict(),
        num_query_tokens=4,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )
    transformers.Blip2ForConditionalGeneration(config).save_pretrained(folder)
    images = transformers.BlipImageProcessor(size=_SIZE)
    transformers.Blip2Processor(images, tokenizer, num_query_tokens=4).save_pretrained(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
