"""Names with several spellings in the news that no rule of spelling can connect.

The names of countries and cities in the Unicode CLDR, Dutch and English, are not in this list.
"""

from __future__ import annotations

# One name on each line, with "|" between its spellings. The first spelling is its id.
NAMES = """
Belarus|Wit-Rusland|Witrusland|Wit Rusland|White Russia|Byelorussia
Verenigde Staten|Amerika|United States|United States of America|Verenigde Staten van Amerika
Verenigd Koninkrijk|Groot-Brittannië|United Kingdom|Great Britain|Britain
Nederland|Holland|The Netherlands
Tsjechië|Tsjechische Republiek|Czech Republic|Czechia
Myanmar|Birma|Burma
Moldavië|Moldova
Eswatini|Swaziland
Turkije|Turkey|Türkiye
Noord-Macedonië|Macedonië|Macedonia
Ivoorkust|Ivory Coast|Côte d'Ivoire
Kaapverdië|Kaapverdische Eilanden|Cabo Verde|Cape Verde
Oost-Timor|East Timor|Timor-Leste
Congo-Kinshasa|Democratische Republiek Congo|DR Congo|Democratic Republic of Congo|DRC
Verenigde Arabische Emiraten|Emiraten|UAE|VAE|United Arab Emirates
Europese Unie|European Union
Verenigde Naties|United Nations
Kiev|Kyiv|Kijev|Kyjiv
Charkov|Charkiv|Kharkiv|Kharkov
Lviv|Lvov|Lemberg
Zaporizja|Zaporizhzhia|Zaporizhzhya|Zaporozje|Zaporizjzja
Loehansk|Loegansk|Luhansk|Lugansk
Dnipro|Dnjepr|Dnipropetrovsk|Dnjepropetrovsk
Mykolajiv|Nikolajev|Mykolaiv|Nikolaev
Krim|Crimea
Zwarte Zee|Black Sea
Oostzee|Baltic Sea
Peking|Beijing
Moskou|Moscow|Moskva
Sint-Petersburg|Sint Petersburg|St. Petersburg|Saint Petersburg
Den Haag|'s-Gravenhage|The Hague
Antwerpen|Antwerp|Anvers
Gent|Ghent
Luik|Liège
Straatsburg|Strasbourg
Keulen|Cologne
München|Munich
Genève|Geneva
Milaan|Milan|Milano
Florence|Firenze
Napels|Naples
Venetië|Venice
Bombay|Mumbai
Gazastrook|Gaza Strip
Westelijke Jordaanoever|Westoever|West Bank
Gorbatsjov|Gorbachev|Gorbatchev
Chroesjtsjov|Khrushchev|Chroesjtsjev
Khadaffi|Kadhafi|Gaddafi|Qaddafi|Gadaffi
Rode Kruis|Red Cross
Witte Huis|White House
Islamitische Staat|Islamic State
Hezbollah|Hizbollah|Hezbolla
Al-Qaida|Al-Qaeda|Al Qaida|Al Qaeda
Internationaal Strafhof|International Criminal Court
Veiligheidsraad|VN-Veiligheidsraad|Security Council|UN Security Council
"""

# The same, but only in capitals, because "us" and "is" are words.
ABBREVIATIONS = """
Verenigde Staten|VS|US|USA
Verenigd Koninkrijk|VK|UK
Europese Unie|EU
Verenigde Naties|VN|UN
NAVO|NATO
Internationaal Atoomagentschap|IAEA
OVSE|OSCE
Islamitische Staat|IS|ISIS|ISIL
Internationaal Strafhof|ICC
Internationaal Monetair Fonds|IMF
Wereldgezondheidsorganisatie|WHO
"""
