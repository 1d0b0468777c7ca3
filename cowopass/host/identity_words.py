"""The words of the form of a space's own page: its fields, and what is wrong with them."""

from __future__ import annotations

from flask_babel import gettext


def field_name(name: str) -> str:
    """Name a field of the form, or a weekday of it."""
    names = {
        "presentation": gettext("Dans nos mots"),
        "good_at": gettext("Ce que nous aimons faire"),
        "equipment": gettext("Équipement"),
        "transport": gettext("Comment venir"),
        "building_number": gettext("Numéro"),
        "street_name": gettext("Rue"),
        "postcode": gettext("Code postal"),
        "town": gettext("Ville"),
        "latitude": gettext("Latitude"),
        "longitude": gettext("Longitude"),
        "comfortable": gettext("Places à l’aise"),
        "maximum": gettext("Places en se serrant"),
        "visitors_per_day": gettext("Visites par jour, au plus"),
        "week": gettext("Horaires"),
        "closed_days": gettext("Jours fermés"),
        "rooms": gettext("Salles"),
        "email": gettext("E-mail"),
        "phone": gettext("Téléphone"),
        "website": gettext("Site web"),
        "hue": gettext("Couleur"),
        "weave": gettext("Tissage"),
        "monday": gettext("Lundi"),
        "tuesday": gettext("Mardi"),
        "wednesday": gettext("Mercredi"),
        "thursday": gettext("Jeudi"),
        "friday": gettext("Vendredi"),
        "saturday": gettext("Samedi"),
        "sunday": gettext("Dimanche"),
    }
    return str(names[name])


def fault_in_words(name: str) -> str:
    """Say what is wrong with a field, and what would do."""
    short_list = gettext("50 lignes au plus, de 200 lettres au plus.")
    whole = gettext("Un nombre entier, 1 ou plus, ou rien.")
    faults = {
        "presentation": gettext("5 000 lettres au plus."),
        "good_at": short_list,
        "equipment": short_list,
        "transport": short_list,
        "latitude": gettext("Un nombre de −90 à 90, par exemple 45,4397."),
        "longitude": gettext("Un nombre de −180 à 180, par exemple 4,3872."),
        "comfortable": gettext("Un nombre entier, pas plus que les places en se serrant, ou rien."),
        "maximum": whole,
        "visitors_per_day": gettext("Un nombre entier, 0 ou plus, ou rien."),
        "closed_days": gettext("Un jour par ligne, par exemple 25/12/2026."),
        "rooms": gettext("Chaque salle a un nom et un nombre de places, 1 ou plus."),
        "email": gettext("Une adresse comme bonjour@lieu.fr, ou rien."),
        "phone": gettext("Des chiffres, par exemple 04 77 00 00 00, ou rien."),
        "website": gettext("Une adresse entière, par exemple https://lieu.fr, ou rien."),
        "hue": gettext("Un nombre de 0 à 359."),
        "weave": gettext("Choisissez un tissage."),
    }
    hours = gettext("Une fermeture après chaque ouverture, et pas deux plages en même temps.")
    street = gettext("C’est trop long.")
    if name.endswith("day"):
        return str(hours)
    return str(faults.get(name, street))
