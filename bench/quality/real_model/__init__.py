"""A real language model, small enough for two cores, behind a real server (llama.cpp)."""
