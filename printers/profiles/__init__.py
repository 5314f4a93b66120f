"""The carried printer profiles, one TOML file a model."""
