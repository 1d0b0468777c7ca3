"""Where the README's figures come from: each command prints ratios measured in one run."""
