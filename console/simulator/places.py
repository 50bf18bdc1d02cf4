"""Words of the sample: real Belgian towns and postcodes; streets, people and code words that are invented or common."""

from __future__ import annotations

DUTCH_TOWNS = (
    ("9000", "Gent"), ("2000", "Antwerpen"), ("8000", "Brugge"), ("3000", "Leuven"), ("2800", "Mechelen"),
    ("8500", "Kortrijk"), ("9300", "Aalst"), ("3500", "Hasselt"), ("3600", "Genk"), ("8400", "Oostende"),
    ("9100", "Sint-Niklaas"), ("8800", "Roeselare"), ("2300", "Turnhout"), ("9200", "Dendermonde"),
    ("9160", "Lokeren"), ("9800", "Deinze"), ("3300", "Tienen"), ("1800", "Vilvoorde"), ("1500", "Halle"),
    ("8900", "Ieper"), ("8790", "Waregem"), ("2440", "Geel"), ("2500", "Lier"), ("3290", "Diest"),
    ("9900", "Eeklo"), ("9700", "Oudenaarde"), ("2400", "Mol"), ("2200", "Herentals"), ("8380", "Zeebrugge"),
    ("9230", "Wetteren"),
)  # fmt: skip
FRENCH_TOWNS = (
    ("1000", "Bruxelles"), ("1050", "Ixelles"), ("1180", "Uccle"), ("1030", "Schaerbeek"), ("1040", "Etterbeek"),
    ("1070", "Anderlecht"), ("4000", "Liège"), ("5000", "Namur"), ("6000", "Charleroi"), ("7000", "Mons"),
    ("7500", "Tournai"), ("1300", "Wavre"), ("1400", "Nivelles"), ("1410", "Waterloo"), ("4800", "Verviers"),
    ("4500", "Huy"), ("6700", "Arlon"), ("5500", "Dinant"), ("7100", "La Louvière"), ("7700", "Mouscron"),
    ("7800", "Ath"), ("6600", "Bastogne"), ("4100", "Seraing"), ("5030", "Gembloux"), ("5590", "Ciney"),
)  # fmt: skip

DUTCH_STREETS = (
    "Kerkstraat", "Stationsstraat", "Molenstraat", "Nieuwstraat", "Dorpsstraat", "Lindelaan", "Eikenlaan", "Parklaan",
    "Kapellestraat", "Veldstraat", "Schoolstraat", "Beukenlaan", "Hoogstraat", "Bosstraat", "Kasteellaan",
    "Zandstraat", "Weidestraat", "Brugstraat", "Vaartstraat", "Kloosterstraat", "Ringlaan", "Berkenlaan",
)  # fmt: skip
FRENCH_STREETS = (
    "Rue de la Gare", "Rue du Moulin", "Rue de l'Église", "Avenue des Tilleuls", "Place du Marché", "Rue Neuve",
    "Rue des Écoles", "Avenue du Parc", "Rue Haute", "Rue du Canal", "Avenue des Chênes", "Rue du Pont",
    "Rue de la Station", "Boulevard du Centenaire", "Rue du Château", "Avenue des Acacias", "Rue des Champs",
    "Rue du Bois", "Chemin Vert", "Rue de la Fontaine",
)  # fmt: skip
DUTCH_WORKS = ("Industrielaan", "Havenlaan", "Nijverheidsstraat", "Ambachtenlaan", "Kanaalkaai", "Transportlaan")
FRENCH_WORKS = ("Rue de l'Industrie", "Zoning Nord", "Avenue de l'Artisanat", "Quai des Usines", "Rue du Commerce")

DUTCH_FIRST = (
    "Jan", "Els", "Sofie", "Pieter", "An", "Bram", "Lotte", "Wim", "Griet", "Tom", "Karim", "Hilde", "Joris", "Leen",
    "Stijn", "Nele", "Dirk", "Fatima", "Koen", "Marijke", "Youssef", "Ilse", "Bart", "Eva", "Geert", "Noor",
)  # fmt: skip
FRENCH_FIRST = (
    "Julie", "Marc", "Sophie", "Luc", "Nathalie", "Pierre", "Amélie", "Karim", "Isabelle", "Thierry", "Céline",
    "Olivier", "Aïcha", "Benoît", "Claire", "Mehdi", "Anne", "Philippe", "Laura", "Vincent", "Chantal", "Rachid",
)  # fmt: skip
DUTCH_LAST = (
    "Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet",
    "Vermeulen", "Van Damme", "Pauwels", "Aerts", "Hermans", "Benali", "Michiels", "De Backer", "Verhaegen",
    "Lemmens", "Cools", "Stevens", "El Idrissi", "Bogaerts", "Segers", "De Wilde", "Van den Broeck", "Nys",
)  # fmt: skip
FRENCH_LAST = (
    "Dubois", "Lambert", "Dupont", "Martin", "Simon", "Laurent", "Leroy", "Renard", "Collard", "Lejeune", "Denis",
    "Charlier", "Gérard", "Haddad", "Delvaux", "François", "Noël", "Mahieu", "Bertrand", "Toussaint", "Amrani",
    "Delcourt", "Fontaine", "Piette", "Lefèvre", "Mathieu",
)  # fmt: skip

DUTCH_LANGUAGES = ("NL", "NL", "NL", "NL, FR", "NL, EN", "NL, FR, EN")
FRENCH_LANGUAGES = ("FR", "FR", "FR", "FR, NL", "FR, EN", "FR, DE")

CODE_WORDS = (
    "Seagull", "Compass", "Lantern", "Marble", "Tulip", "Harbour", "Walnut", "Copper", "Juniper", "Saffron", "Beacon",
    "Meadow", "Basalt", "Heron", "Clover", "Orchid", "Pebble", "Willow", "Amber", "Falcon", "Lagoon", "Thistle",
    "Velvet", "Zephyr", "Cobalt", "Damson", "Ember", "Fennel", "Granite", "Hazel", "Indigo", "Jasmine",
)  # fmt: skip
DURESS_WORDS = (
    "Aunt Marie", "The blue car", "Sunday roast", "Old bicycle", "Paper boat", "The piano tuner", "Winter coat",
    "Uncle Felix", "Broken vase", "The garden gate", "Lemon cake", "Tall ladder",
)  # fmt: skip
