"""What a nomad carries: passes, units, signed tickets, keys and QR codes, as pure rules.

PyJWT, cryptography and qrcode only: anyone can verify a ticket without the service.
"""
