"""LoRA adapters trained on vision-language models; takes plain samples, knows no data sources."""
