"""Train a small vision-language model and its blind twin from nothing, and ask the engine what each of them does.

    python docs/proof_of_learning.py --out DIR [--factor rbbb] [--hearts 400]

builds a model of a real class with random weights, then runs ordinary commands in DIR: ``train lora --full``, the
same with ``--blind``, ``run`` of either on hearts of another seed, and ``train card``. Each goes on where it stopped.
The settings of the training stand in proof_of_learning.toml.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "adapters"))

#: Seeds of the hearts to learn from, and of those to be asked about.
LEARNT, HELD_OUT = 1, 2

#: Pixels of the picture's and of a patch's side, and the soft tokens of a picture.
SIDE, PATCH, TOKENS = 448, 28, 64

#: Of the red, green and blue of 200 pages of that size: beside paper that is nearly white the usual 0.5 leaves the
#: ink faint, and it takes long until it counts.
MEAN, SPREAD = [0.97, 0.90, 0.89], [0.096, 0.096, 0.096]

#: Width, and layers of the vision tower and of the language model.
WIDTH, SEEING, SPEAKING = 128, 3, 2


def tokenizer() -> object:
    """Make a byte-level BPE of the task's prompt that merges across words.

    The prompt is the same in every sample and tells nothing; as few tokens it leaves a CPU's time to the picture.
    """
    import tiny_models
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    from einthoven.tasks.registry import task

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        max_token_length=100,  # llguidance, which holds answers to the schema, takes none of thousands
        special_tokens=list(tiny_models.GEMMA_TOKENS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    asked = task("dense")
    inner.train_from_iterator([asked.prompt(), json.dumps(asked.schema())], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        eos_token="<end_of_turn>",
        bos_token="<bos>",
        extra_special_tokens=tiny_models.GEMMA_NAMED,
        clean_up_tokenization_spaces=False,
    )


def build(folder: Path) -> None:
    """Write a Gemma 3 (a SigLIP tower, a projector, a language model) of random weights."""
    import tiny_models
    import torch
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration
    from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil

    torch.manual_seed(0)
    words = tokenizer()
    ids = {
        f"{part}_token_index": words.convert_tokens_to_ids(token)
        for part, token in (
            ("boi", "<start_of_image>"),
            ("eoi", "<end_of_image>"),
            ("image", "<image_soft_token>"),
        )
    }
    text = {
        "vocab_size": len(words),
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": SPEAKING,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "query_pre_attn_scalar": 32,
        "max_position_embeddings": 2048,
        "layer_types": ["full_attention"] * SPEAKING,
        "pad_token_id": words.pad_token_id,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "tie_word_embeddings": False,
    }
    vision = {
        "model_type": "siglip_vision_model",
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": SEEING,
        "num_attention_heads": 4,
        "image_size": SIDE,
        "patch_size": PATCH,
    }
    model = Gemma3ForConditionalGeneration(
        Gemma3Config(
            text_config=text, vision_config=vision, mm_tokens_per_image=TOKENS, tie_word_embeddings=False, **ids
        )
    )
    # The class begins it as zeros, for weights that are loaded: nothing could be learnt through them from nothing.
    model.model.multi_modal_projector.mm_input_projection_weight.data.normal_(0, WIDTH**-0.5)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    images = Gemma3ImageProcessorPil(size={"height": SIDE, "width": SIDE}, image_mean=MEAN, image_std=SPREAD)
    images.save_pretrained(folder)
    template = tiny_models.GEMMA_TEMPLATE.replace("IMAGE", "<start_of_image>")
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    named = {"processor_class": "Gemma3Processor", "image_seq_length": TOKENS}
    (folder / "processor_config.json").write_text(json.dumps(named), encoding="utf-8")


def main() -> None:
    """Build, train twice, run."""
    parser = argparse.ArgumentParser(description="A small model learns one factor from pages; its twin sees none.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--factor", default="rbbb")
    parser.add_argument("--hearts", type=int, default=400)
    parser.add_argument("--asked", type=int, default=200, help="test records of the run")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if not (given.out / "base").is_dir():
        build(given.out / "base.part")
        (given.out / "base.part").rename(given.out / "base")
    shutil.copyfile(HERE / "proof_of_learning.toml", given.out / "recipe.toml")
    data = f"sim-factor:{given.factor}:{LEARNT}x{given.hearts}"
    train = ["train", "lora", "hf/./base", "--recipe", "recipe.toml", "--data", data, "--jobs", "1"]
    asked = ["--data", f"sim-factor:{given.factor}:{HELD_OUT}", "--limit", str(given.asked)]
    run = ["run", "hf/./sighted", "--twin", "hf/./blind", *asked, "--out", "run"]
    for name in ("image", "no-image", "blank", "twin", "pairs"):
        run += ["--arm", name]
    itself = ["run", "hf/./blind", *asked, "--out", "blind-run"]
    for name in ("image", "no-image", "blank"):
        itself += ["--arm", name]
    steps = [[*train, "--out", "sighted"], [*train, "--out", "blind", "--blind"], run, itself]
    steps += [["train", "card", "sighted", "run"], ["train", "card", "blind", "blind-run"]]
    for command in steps:
        print("einthoven", *command, flush=True)
        subprocess.run([sys.executable, "-m", "einthoven", *command], cwd=given.out, check=True)


if __name__ == "__main__":
    main()
