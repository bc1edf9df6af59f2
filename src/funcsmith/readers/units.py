"""Units of measure and of money: their symbols, their names in both languages, their size.

A unit is known by one canonical symbol ("kg", "°C", "CNY", "night"). `UNITS` says what it measures
and how many of the base unit it is; `find` reads a name at a place of the text.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Unit(NamedTuple):
    """What a unit measures, and value_in_base = value * factor + offset."""

    measure: str
    factor: float
    offset: float = 0.0


def find(folded: str, lowered: str, start: int) -> tuple[str, int] | None:
    """The unit named at this place and where its name ends; the longest name wins.

    >>> find("3 km/h", "3 km/h", 2)
    ('km/h', 6)
    """
    longest = _longest_name()
    # A name's case matters only where another unit differs by it: MB and Mb, M and m.
    for length in range(
        min(longest.get(lowered[start : start + 1], 0), len(folded) - start), 0, -1
    ):
        end = start + length
        name = folded[start:end]
        unit = _exact().get(name) or _names().get(lowered[start:end])
        if unit is None or _runs_on(lowered, end):
            continue
        return unit, end
    return None


def canonical(name: str) -> str | None:
    """The canonical symbol of a unit of measure, by any name; money is `currency_of`'s business.

    >>> canonical("kilograms"), canonical("公里/小时"), canonical("dollars")
    ('kg', 'km/h', None)
    """
    name = name.strip().strip(".")
    return _exact().get(name) or _names().get(name.lower())


def convert_number(number: float, unit: str, wanted: str) -> float | None:
    """The number in another unit of the same measure, None where there is no such number.

    >>> convert_number(350, "ml", "L")
    0.35
    """
    if unit == wanted:
        return number
    calendar = _MONTHS.get(unit), _MONTHS.get(wanted)
    if calendar[0] and calendar[1]:
        return _tidy(number * calendar[0] / calendar[1])
    ours, theirs = UNITS.get(unit), UNITS.get(wanted)
    if ours is None or theirs is None or ours.measure != theirs.measure:
        return None
    if ours.measure == "money" and unit[:3] != wanted[:3]:
        return None
    return _tidy((number * ours.factor + ours.offset - theirs.offset) / theirs.factor)


def measure(unit: str) -> str | None:
    """What a unit measures: "mass", "money", "count" …"""
    known = UNITS.get(unit)
    return known.measure if known else None


def names_of(unit: str) -> tuple[str, ...]:
    """Every name by which a canonical unit is known."""
    return (unit, *_NAMES.get(unit, "").split())


def _runs_on(lowered: str, end: int) -> bool:
    last, following = lowered[end - 1], lowered[end : end + 1]
    if last.isascii() and last.isalpha():
        return following.isascii() and (following.isalpha() or following == "_")
    return False


def _tidy(number: float) -> float:
    # 0.1 + 0.2 must not leak into arguments: fifteen digits are what a float is sure of.
    return float(f"{number:.14g}")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for unit, aliases in _NAMES.items():
        for alias in (unit, *aliases.split()):
            # One capital letter is a unit only as a capital: 3 A, not "3 a day".
            if not (len(alias) == 1 and alias.isascii() and alias.isupper()):
                names.setdefault(alias.lower().replace("_", " "), unit)
    return names


@cache
def _exact() -> dict[str, str]:
    exact = {alias: unit for unit, aliases in _EXACT.items() for alias in aliases.split()}
    return {unit: unit for unit in UNITS} | exact


@cache
def _longest_name() -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in (*_names(), *map(str.lower, _exact())):
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


_DAY = 86400.0
UNITS: dict[str, Unit] = {
    # mass, in grams
    "kg": Unit("mass", 1e3), "g": Unit("mass", 1), "mg": Unit("mass", 1e-3),
    "μg": Unit("mass", 1e-6), "t": Unit("mass", 1e6), "lb": Unit("mass", 453.59237),
    "oz": Unit("mass", 28.349523125), "st": Unit("mass", 6350.29318), "斤": Unit("mass", 500),
    "两": Unit("mass", 50), "ct": Unit("mass", 0.2),
    # length, in metres
    "m": Unit("length", 1), "km": Unit("length", 1e3), "dm": Unit("length", 0.1),
    "cm": Unit("length", 1e-2), "mm": Unit("length", 1e-3), "μm": Unit("length", 1e-6),
    "nm": Unit("length", 1e-9), "mi": Unit("length", 1609.344), "yd": Unit("length", 0.9144),
    "ft": Unit("length", 0.3048), "in": Unit("length", 0.0254), "nmi": Unit("length", 1852),
    "里": Unit("length", 500), "丈": Unit("length", 10 / 3), "尺": Unit("length", 1 / 3),
    "寸": Unit("length", 1 / 30), "ly": Unit("length", 9.4607304725808e15),
    "AU": Unit("length", 149597870700),
    # area, in square metres
    "m²": Unit("area", 1), "km²": Unit("area", 1e6), "cm²": Unit("area", 1e-4),
    "mm²": Unit("area", 1e-6), "ha": Unit("area", 1e4), "acre": Unit("area", 4046.8564224),
    "亩": Unit("area", 10000 / 15), "ft²": Unit("area", 0.09290304),
    "mi²": Unit("area", 2589988.110336), "in²": Unit("area", 0.00064516),
    # volume, in litres
    "L": Unit("volume", 1), "ml": Unit("volume", 1e-3), "dl": Unit("volume", 0.1),
    "cl": Unit("volume", 1e-2), "m³": Unit("volume", 1e3), "cm³": Unit("volume", 1e-3),
    "dm³": Unit("volume", 1), "ft³": Unit("volume", 28.316846592),
    "gal": Unit("volume", 3.785411784), "qt": Unit("volume", 0.946352946),
    "pt": Unit("volume", 0.473176473), "cup": Unit("volume", 0.2365882365),
    "fl oz": Unit("volume", 0.0295735295625), "tbsp": Unit("volume", 0.01478676478125),
    "tsp": Unit("volume", 0.00492892159375),
    # speed, in metres a second
    "m/s": Unit("speed", 1), "km/h": Unit("speed", 1 / 3.6), "mph": Unit("speed", 0.44704),
    "kn": Unit("speed", 1852 / 3600), "km/s": Unit("speed", 1e3), "ft/s": Unit("speed", 0.3048),
    "m/min": Unit("speed", 1 / 60),
    # temperature, in kelvin
    "°C": Unit("temperature", 1, 273.15), "°F": Unit("temperature", 5 / 9, 459.67 * 5 / 9),
    "K": Unit("temperature", 1),
    # time, in seconds
    "s": Unit("time", 1), "ms": Unit("time", 1e-3), "μs": Unit("time", 1e-6),
    "ns": Unit("time", 1e-9), "min": Unit("time", 60), "h": Unit("time", 3600),
    "刻钟": Unit("time", 900), "day": Unit("time", _DAY), "week": Unit("time", 7 * _DAY),
    "fortnight": Unit("time", 14 * _DAY), "month": Unit("time", 30 * _DAY),
    "quarter": Unit("time", 91 * _DAY), "year": Unit("time", 365 * _DAY),
    "decade": Unit("time", 3650 * _DAY), "century": Unit("time", 36500 * _DAY),
    # data, in bytes; KB is 1024 bytes only where it is written KiB
    "B": Unit("data", 1), "KB": Unit("data", 1e3), "MB": Unit("data", 1e6),
    "GB": Unit("data", 1e9), "TB": Unit("data", 1e12), "PB": Unit("data", 1e15),
    "KiB": Unit("data", 2**10), "MiB": Unit("data", 2**20), "GiB": Unit("data", 2**30),
    "TiB": Unit("data", 2**40), "bit": Unit("data", 1 / 8), "Kbit": Unit("data", 125),
    "Mbit": Unit("data", 125e3), "Gbit": Unit("data", 125e6),
    "bps": Unit("rate", 1), "Kbps": Unit("rate", 1e3), "Mbps": Unit("rate", 1e6),
    "Gbps": Unit("rate", 1e9), "MB/s": Unit("rate", 8e6), "KB/s": Unit("rate", 8e3),
    "GB/s": Unit("rate", 8e9),
    # energy, power, pressure, force
    "J": Unit("energy", 1), "kJ": Unit("energy", 1e3), "MJ": Unit("energy", 1e6),
    "cal": Unit("energy", 4.184), "kcal": Unit("energy", 4184), "Wh": Unit("energy", 3600),
    "kWh": Unit("energy", 3.6e6), "eV": Unit("energy", 1.602176634e-19),
    "BTU": Unit("energy", 1055.05585262),
    "W": Unit("power", 1), "kW": Unit("power", 1e3), "MW": Unit("power", 1e6),
    "mW": Unit("power", 1e-3), "hp": Unit("power", 745.69987158227022),
    "Pa": Unit("pressure", 1), "kPa": Unit("pressure", 1e3), "hPa": Unit("pressure", 100),
    "MPa": Unit("pressure", 1e6), "bar": Unit("pressure", 1e5), "mbar": Unit("pressure", 100),
    "atm": Unit("pressure", 101325), "psi": Unit("pressure", 6894.757293168),
    "mmHg": Unit("pressure", 133.322387415), "N": Unit("force", 1), "kN": Unit("force", 1e3),
    # electricity, frequency, angle, substance
    "V": Unit("voltage", 1), "kV": Unit("voltage", 1e3), "mV": Unit("voltage", 1e-3),
    "A": Unit("current", 1), "mA": Unit("current", 1e-3), "Ω": Unit("resistance", 1),
    "kΩ": Unit("resistance", 1e3), "μF": Unit("capacitance", 1e-6),
    "Hz": Unit("frequency", 1), "kHz": Unit("frequency", 1e3), "MHz": Unit("frequency", 1e6),
    "GHz": Unit("frequency", 1e9), "rpm": Unit("frequency", 1 / 60), "mol": Unit("amount", 1),
    "deg": Unit("angle", 1), "rad": Unit("angle", 57.29577951308232), "dB": Unit("level", 1),
    "mAh": Unit("charge_h", 1), "px": Unit("pixel", 1), "lm": Unit("light", 1),
    "m/s²": Unit("acceleration", 1), "kg/m³": Unit("density", 1), "g/cm³": Unit("density", 1e3),
    "bp": Unit("share", 0.01), "%": Unit("share", 1), "fraction": Unit("share", 100),
}  # fmt: skip
_MONTHS = {"month": 1.0, "quarter": 3.0, "year": 12.0, "decade": 120.0, "century": 1200.0}

_EXACT = {
    "MB": "MB M", "GB": "GB G", "TB": "TB", "KB": "KB kB", "Mbit": "Mb", "Gbit": "Gb",
    "Kbit": "Kb", "K": "K", "m": "m", "g": "g", "V": "V", "A": "A", "W": "W", "J": "J", "N": "N",
    "Pa": "Pa", "mW": "mW", "MW": "MW", "mPa": "mPa", "h": "h", "min": "min", "s": "s", "B": "B",
    "°C": "℃ C ºC ˚C", "°F": "℉ F ºF ˚F", "m²": "㎡ m2 m^2", "m³": "m3 m^3", "km²": "km2 km^2 ㎢",
    "cm²": "cm2 cm^2 ㎠", "cm³": "cm3 cm^3 ㎤", "ft²": "ft2 sqft", "kg": "㎏", "mg": "㎎",
    "km": "㎞", "cm": "㎝", "mm": "㎜", "μg": "µg", "μm": "µm", "μs": "µs", "Ω": "Ω",
    "ml": "㎖", "KB/s": "kB/s", "m/s²": "m/s2 m/s^2", "kg/m³": "kg/m3", "g/cm³": "g/cm3",
}  # fmt: skip

# Underscores stand for spaces inside a name; the first unit that claims a name keeps it.
_NAMES = {
    "kg": "kilogram kilograms kilo kilos kgs kilogramme kilogrammes 公斤 千克",
    "g": "gram grams gramme grammes gm gms 克",
    "mg": "milligram milligrams 毫克", "μg": "microgram micrograms mcg ug 微克",
    "t": "ton tons tonne tonnes metric_ton metric_tons 吨 公吨",
    "lb": "lbs pound pounds 磅 英磅", "oz": "ounce ounces 盎司", "st": "stone stones",
    "斤": "市斤 jin catty catties", "ct": "carat carats 克拉",
    "m": "meter meters metre metres 米 公尺", "km": "kilometer kilometers kilometre kilometres"
    " kms 公里 千米", "dm": "decimeter decimeters 分米",
    "cm": "centimeter centimeters centimetre centimetres cms 厘米 公分",
    "mm": "millimeter millimeters millimetre millimetres 毫米",
    "μm": "micrometer micrometers micron microns um 微米", "nm": "nanometer nanometers 纳米",
    "mi": "mile miles 英里", "yd": "yard yards yds 码", "ft": "foot feet 英尺",
    "in": "inch inches 英寸", "nmi": "nautical_mile nautical_miles 海里", "里": "华里 里地",
    "ly": "light_year light_years light-year light-years 光年", "尺": "市尺",
    "m²": "sqm sq_m sq._m square_meter square_meters square_metre square_metres 平方米 平方公尺"
    " 平米 平", "km²": "square_kilometer square_kilometers square_kilometre square_kilometres"
    " sq_km 平方公里 平方千米", "cm²": "square_centimeter square_centimeters sq_cm 平方厘米",
    "mm²": "mm2 square_millimeter square_millimeters 平方毫米",
    "ha": "hectare hectares 公顷", "acre": "acres 英亩", "亩": "mu",
    "ft²": "square_foot square_feet sq_ft sq._ft 平方英尺", "mi²": "square_mile square_miles"
    " 平方英里", "in²": "square_inch square_inches sq_in",
    "L": "l liter liters litre litres 升 公升", "ml": "milliliter milliliters millilitre"
    " millilitres mls 毫升", "dl": "deciliter deciliters decilitre decilitres 分升",
    "cl": "centiliter centiliters centilitre centilitres 厘升",
    "m³": "cubic_meter cubic_meters cubic_metre cubic_metres 立方米 立方",
    "cm³": "cc cubic_centimeter cubic_centimeters 立方厘米", "dm³": "立方分米 cubic_decimeter"
    " cubic_decimeters", "ft³": "cubic_foot cubic_feet ft3 立方英尺",
    "gal": "gallon gallons 加仑", "qt": "quart quarts 夸脱", "pt": "pint pints 品脱",
    "fl oz": "fluid_ounce fluid_ounces fl._oz. fl._oz 液量盎司",
    "tbsp": "tablespoon tablespoons tbsps 汤匙 大勺", "tsp": "teaspoon teaspoons tsps 茶匙 小勺",
    "m/s": "meters_per_second meter_per_second metres_per_second mps 米/秒 米每秒",
    "km/h": "kmh kph kmph kilometers_per_hour kilometres_per_hour kilometer_per_hour km_per_hour"
    " km/hr 公里/小时 公里每小时 千米/小时 千米每小时 公里/时 千米/时 公里每时 千米每时",
    "mph": "miles_per_hour mile_per_hour mi/h 英里/小时 英里每小时", "kn": "knot knots kt kts 节",
    "km/s": "kilometers_per_second 千米/秒 公里/秒 千米每秒 公里每秒", "ft/s": "feet_per_second fps",
    "m/min": "meters_per_minute 米/分钟 米/分 米每分钟",
    "°C": "celsius degrees_celsius degree_celsius degrees_c deg_c degc centigrade"
    " degrees_centigrade 摄氏度 度c c° 摄氏",
    "°F": "fahrenheit degrees_fahrenheit degree_fahrenheit degrees_f deg_f degf 华氏度 华氏",
    "K": "kelvin kelvins 开尔文 开氏度",
    "s": "sec secs second seconds 秒 秒钟", "ms": "millisecond milliseconds msec 毫秒",
    "μs": "microsecond microseconds us 微秒", "ns": "nanosecond nanoseconds 纳秒",
    "min": "mins minute minutes 分钟 分鐘", "h": "hr hrs hour hours 小时 个小时 个钟头 钟头 个钟",
    "day": "days d 天 日 个工作日 工作日", "week": "weeks wk wks 周 个星期 星期"
    " 个礼拜 礼拜", "fortnight": "fortnights", "month": "months mo mos 个月 个整月",
    "quarter": "quarters 个季度", "year": "years yr yrs 年 周年", "decade": "decades 个年代",
    "century": "centuries 个世纪",
    "B": "byte bytes 字节", "KB": "kilobyte kilobytes 千字节", "MB": "megabyte megabytes 兆字节 兆",
    "GB": "gigabyte gigabytes gig gigs 吉字节", "TB": "terabyte terabytes 太字节",
    "PB": "petabyte petabytes", "KiB": "kibibyte kibibytes", "MiB": "mebibyte mebibytes",
    "GiB": "gibibyte gibibytes", "TiB": "tebibyte tebibytes", "bit": "bits 比特",
    "Kbit": "kilobit kilobits", "Mbit": "megabit megabits 兆比特", "Gbit": "gigabit gigabits",
    "bps": "bits_per_second 比特每秒", "Kbps": "kilobits_per_second", "Mbps": "megabits_per_second"
    " mb/s 兆每秒", "Gbps": "gigabits_per_second",
    "J": "joule joules 焦耳 焦", "kJ": "kilojoule kilojoules 千焦 千焦耳", "MJ": "megajoule"
    " megajoules 兆焦", "cal": "calorie calories 卡路里 卡", "kcal": "kilocalorie kilocalories"
    " 千卡 大卡", "Wh": "watt_hour watt_hours watt-hours 瓦时", "kWh": "kilowatt_hour"
    " kilowatt_hours kilowatt-hour kilowatt-hours 千瓦时 度电", "eV": "electronvolt"
    " electronvolts 电子伏特", "BTU": "btus", "W": "watt watts 瓦 瓦特", "kW": "kilowatt kilowatts"
    " 千瓦", "MW": "megawatt megawatts 兆瓦", "hp": "horsepower 马力 匹马力",
    "Pa": "pascal pascals 帕 帕斯卡", "kPa": "kilopascal kilopascals 千帕", "hPa": "hectopascal"
    " hectopascals 百帕", "MPa": "megapascal megapascals 兆帕", "bar": "bars 巴", "mbar":
    "millibar millibars 毫巴", "atm": "atmosphere atmospheres 大气压 标准大气压", "psi": "",
    "mmHg": "毫米汞柱", "N": "newton newtons 牛顿 牛", "kN": "kilonewton kilonewtons 千牛",
    "V": "volt volts 伏 伏特", "kV": "kilovolt kilovolts 千伏", "mV": "millivolt millivolts 毫伏",
    "A": "amp amps ampere amperes 安培 安", "mA": "milliamp milliamps milliampere milliamperes 毫安",
    "Ω": "ohm ohms 欧姆 欧", "kΩ": "kiloohm kiloohms kilohm kilohms 千欧",
    "μF": "microfarad microfarads uf 微法", "Hz": "hertz 赫兹 赫", "kHz": "kilohertz 千赫 千赫兹",
    "MHz": "megahertz 兆赫 兆赫兹", "GHz": "gigahertz 吉赫 吉赫兹", "rpm": "revolutions_per_minute"
    " 转/分 转每分钟 转/分钟", "mol": "mole moles 摩尔 摩", "deg": "degree degrees ° 度 度角",
    "rad": "radian radians 弧度", "dB": "decibel decibels 分贝",
    "mAh": "毫安时", "px": "pixel pixels"
    " 像素", "lm": "lumen lumens 流明", "m/s²": "meters_per_second_squared 米/秒² 米每二次方秒",
    "kg/m³": "千克/立方米", "g/cm³": "克/立方厘米", "bp": "bps_points basis_point basis_points 基点"
    " 个基点", "%": "percent per_cent percentage pct percentage_point percentage_points 百分点"
    " 个百分点",
}  # fmt: skip
