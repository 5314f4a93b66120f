"""The register of a day, on paper."""
