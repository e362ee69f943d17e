"""What the Care Quality Commission assesses against, as versioned data, and how one version maps to the next."""
