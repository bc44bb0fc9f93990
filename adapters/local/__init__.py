"""Vision-language models on this machine: any image-text-to-text class of transformers, LoRA adapters on it."""
