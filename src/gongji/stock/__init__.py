"""Stock (进销存): what institutions bought, sold and hold by batch, and where each drug trace code (药品追溯码) went."""
