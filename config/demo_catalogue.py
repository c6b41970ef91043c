"""What the demo's shops sell: each line is drawn by our own clothing generator."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """`prompt` is what the generator draws; `price` in KZT; `sleeve` helps the try-on."""

    category: str
    name: str
    prompt: str
    price: Decimal
    characteristics: dict[str, str] = field(default_factory=dict)


def _item(category: str, name: str, prompt: str, price: int, **known: str) -> DemoProduct:
    return DemoProduct(category, name, prompt, Decimal(price), known)


PRODUCTS = (
    _item("dresses", "Льняное платье «Дала»", "синее льняное платье", 32900, material="лён"),
    _item("t-shirts", "Белая футболка", "белая хлопковая футболка", 7900, sleeve="short"),
    _item("outerwear", "Шерстяное пальто", "чёрное шерстяное пальто", 89000, material="шерсть"),
    _item("shirts", "Рубашка в клетку", "рубашка в клетку", 15900, sleeve="long"),
    _item("trousers", "Прямые джинсы", "синие джинсы деним", 21900, material="деним"),
    _item("skirts", "Юбка с цветами", "жёлтая юбка с цветами", 14900),
    _item("sweaters", "Зелёное худи", "зелёное худи", 24900, sleeve="long"),
    _item("longsleeves", "Тельняшка", "лонгслив в синюю полоску", 11900, sleeve="long"),
    _item("dresses", "Көйлек «Қошқар мүйіз»", "қызыл көйлек қошқар мүйіз", 45000),
    _item("shorts", "Шорты камуфляж", "шорты камуфляж", 9900),
    _item("t-shirts", "Жасыл футболка", "жасыл футболка", 8500, sleeve="short"),
    _item("shirts", "Белая рубашка", "белая рубашка", 16900, sleeve="long"),
    _item("outerwear", "Джинсовая куртка", "синяя джинсовая куртка", 34900, sleeve="long"),
    _item("trousers", "Чёрные брюки", "чёрные брюки", 18900),
    _item("dresses", "Платье в горошек", "красное платье в горошек", 27900),
    _item("skirts", "Чёрная мини-юбка", "чёрная мини юбка", 12900),
    _item("sweaters", "Серый свитер", "серый шерстяной свитер", 22900, material="шерсть"),
    _item("longsleeves", "Бордовый лонгслив", "бордовый лонгслив", 10900, sleeve="long"),
    _item("shorts", "Льняные шорты", "бежевые льняные шорты", 11900, material="лён"),
    _item("t-shirts", "Футболка в полоску", "футболка в красную полоску", 8900, sleeve="short"),
    _item("dresses", "Floral summer dress", "light blue floral dress", 29900),
    _item("shirts", "Голубая рубашка", "голубая рубашка", 15500, sleeve="long"),
    _item("outerwear", "Бежевое пальто", "бежевое пальто", 94000),
    _item("trousers", "Бежевые брюки", "бежевые брюки", 19900),
    _item("skirts", "Миди-юбка «Ою»", "қызыл юбка қошқар мүйіз", 23900),
    _item("sweaters", "Худи с орнаментом", "синее худи орнамент", 27900, sleeve="long"),
    _item("t-shirts", "Чёрная футболка", "чёрная футболка", 7900, sleeve="short"),
    _item("dresses", "Маленькое чёрное платье", "чёрное платье мини", 34900),
    _item("longsleeves", "Белый лонгслив", "белый лонгслив", 9900, sleeve="long"),
    _item("shorts", "Джинсовые шорты", "синие джинсовые шорты", 12500),
    _item("outerwear", "Куртка хаки", "куртка хаки", 39900, sleeve="long"),
    _item("shirts", "Блуза в цветах", "розовая рубашка с цветами", 17900, sleeve="long"),
    _item("trousers", "Серые брюки в клетку", "серые брюки в клетку", 22900),
    _item("t-shirts", "Жёлтая футболка", "жёлтая футболка", 7900, sleeve="short"),
    _item("dresses", "Изумрудное платье", "зелёное шёлковое платье", 52000, material="шёлк"),
    _item("sweaters", "Красный свитер", "красный свитер", 21900, sleeve="long"),
    _item("skirts", "Джинсовая юбка", "синяя джинсовая юбка", 15900),
    _item("t-shirts", "Футболка градиент", "фиолетовая футболка градиент", 9500, sleeve="short"),
    _item("longsleeves", "Лонгслив в горошек", "синий лонгслив в горошек", 11500, sleeve="long"),
    _item("dresses", "Платье в полоску", "белое платье в полоску", 28900),
)
