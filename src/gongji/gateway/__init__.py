"""The national interface (国家医保定点医药机构接口): envelope, signature, one handler a trade, ASGI.

National field names live in ``messages``; behind a handler the domain speaks English. See ``docs/interface.md``.
"""
