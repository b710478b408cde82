"""Settlement 结算: what a visit costs whom (``rules``), a person's year in memory (``book``), refunds and
replay (``replay``)."""
