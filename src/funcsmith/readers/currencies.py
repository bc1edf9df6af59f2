"""Currencies: the codes, symbols and names by which money is stated in either language."""

from __future__ import annotations

from functools import cache

# Before an amount; the longest symbol that stands there wins.
SYMBOLS = {
    "¥": "CNY", "cn¥": "CNY", "rmb": "CNY", "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP",
    "₹": "INR", "rs": "INR", "rs.": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND",
    "฿": "THB", "₱": "PHP", "₪": "ILS", "₴": "UAH", "₿": "BTC", "r$": "BRL", "hk$": "HKD",
    "nt$": "TWD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "s$": "SGD", "sg$": "SGD", "jp¥": "JPY", "人民币": "CNY", "美元": "USD", "欧元": "EUR",
    "港币": "HKD", "日元": "JPY",
}  # fmt: skip
NAMES = {
    "CNY": "元 块 块钱 元钱 圆 元整 圆整 元人民币 块人民币 人民币 rmb yuan renminbi 元rmb kuai",
    "USD": "美元 美金 美刀 刀 dollar dollars buck bucks us_dollar us_dollars u.s._dollars"
    " american_dollars usd$",
    "EUR": "欧元 euro euros", "GBP": "英镑 pound pounds pounds_sterling sterling british_pounds"
    " british_pound quid", "JPY": "日元 日圆 日币 円 yen japanese_yen",
    "HKD": "港币 港元 港纸 hong_kong_dollars hong_kong_dollar", "TWD": "新台币 台币 新台幣"
    " new_taiwan_dollars", "KRW": "韩元 韩币 韩圆 won south_korean_won korean_won",
    "INR": "卢比 印度卢比 rupee rupees indian_rupees indian_rupee",
    "RUB": "卢布 ruble rubles rouble roubles russian_rubles",
    "AUD": "澳元 澳币 澳大利亚元 australian_dollars australian_dollar",
    "CAD": "加元 加币 加拿大元 canadian_dollars canadian_dollar",
    "NZD": "新西兰元 纽币 new_zealand_dollars new_zealand_dollar",
    "SGD": "新元 新加坡元 新币 坡币 singapore_dollars singapore_dollar",
    "CHF": "瑞士法郎 瑞郎 swiss_franc swiss_francs franc francs",
    "THB": "泰铢 baht thai_baht", "MOP": "澳门元 澳门币", "MYR": "林吉特 马币 ringgit ringgits",
    "BRL": "雷亚尔 巴西雷亚尔 reais brazilian_real brazilian_reais", "MXN": "墨西哥比索"
    " mexican_pesos mexican_peso peso pesos", "ZAR": "南非兰特 兰特 rand",
    "TRY": "土耳其里拉 里拉 lira turkish_lira", "VND": "越南盾 dong vietnamese_dong",
    "PHP": "菲律宾比索 philippine_pesos", "IDR": "印尼盾 印尼卢比 rupiah",
    "AED": "迪拉姆 dirham dirhams", "SAR": "沙特里亚尔 riyal riyals", "SEK": "瑞典克朗"
    " swedish_krona swedish_kronor", "NOK": "挪威克朗 norwegian_krone norwegian_kroner",
    "DKK": "丹麦克朗 danish_krone danish_kroner", "PLN": "兹罗提 zloty zlotys", "BTC": "比特币"
    " bitcoin bitcoins", "ETH": "以太币 以太坊 ether", "USDT": "泰达币", "CNH": "离岸人民币",
    "EGP": "埃及镑", "UAH": "hryvnia", "ILS": "shekel shekels", "HUF": "forint", "CZK": "koruna",
    "PKR": "pakistani_rupees", "BDT": "taka", "NGN": "naira", "KES": "kenyan_shillings",
    "ARS": "argentine_pesos", "CLP": "chilean_pesos", "COP": "colombian_pesos",
}  # fmt: skip
# Parts of a currency: what share, of which.
PARTS = {
    "角": ("CNY", 10), "毛": ("CNY", 10), "毛钱": ("CNY", 10), "分": ("CNY", 100),
    "分钱": ("CNY", 100), "cent": ("USD", 100), "cents": ("USD", 100), "美分": ("USD", 100),
    "pence": ("GBP", 100), "penny": ("GBP", 100), "¢": ("USD", 100), "便士": ("GBP", 100),
    "paise": ("INR", 100), "欧分": ("EUR", 100), "jiao": ("CNY", 10), "fen": ("CNY", 100),
}  # fmt: skip


def find_currency(lowered: str, start: int) -> tuple[str, int] | None:
    """The currency named at this place (code or name, after an amount) and where its name ends.

    >>> find_currency("20 us dollars", 3)
    ('USD', 13)
    """
    for length in range(
        min(_longest().get(lowered[start : start + 1], 0), len(lowered) - start), 0, -1
    ):
        end = start + length
        currency = _names().get(lowered[start:end])
        if currency and not _letter(lowered, end):
            return currency, end
    return None


def find_part(lowered: str, start: int) -> tuple[str, int, int] | None:
    """The currency and share of a part named here (角, cents), and where its name ends."""
    for length in range(min(5, len(lowered) - start), 0, -1):
        part = PARTS.get(lowered[start : start + length])
        if part and not _letter(lowered, start + length):
            return *part, start + length
    return None


def currency_of(name: str) -> str | None:
    """The code of a currency's name, symbol or code."""
    name = name.strip().lower()
    return _names().get(name) or SYMBOLS.get(name)


def _letter(lowered: str, end: int) -> bool:
    last, following = lowered[end - 1 : end], lowered[end : end + 1]
    return last.isascii() and last.isalpha() and following.isascii() and following.isalnum()


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, aliases in NAMES.items():
        for alias in (code.lower(), *aliases.split()):
            names.setdefault(alias.replace("_", " "), code)
    return names | {"€": "EUR", "¥": "CNY", "£": "GBP", "$": "USD", "₹": "INR", "₩": "KRW"}


@cache
def _longest() -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in _names():
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest
