"""The nomad's face: her wallet, on her phone."""
