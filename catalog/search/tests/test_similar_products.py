from catalog.variants import Offer


def test_words_and_colours_in_common_come_first(anyone, sells):
    asked = sells("Silk evening dress", offers=[Offer(colour="red")])
    sells("Linen tunic")
    sells("Cotton tunic", offers=[Offer(colour="red")])
    sells("Silk evening gown", offers=[Offer(colour="red")])
    sells("Silk evening coat", category="outerwear")

    response = anyone.get(f"/api/v1/products/{asked.pk}/similar")

    names = [product["name"] for product in response.json()["products"]]
    assert names == ["Silk evening gown", "Cotton tunic", "Linen tunic"]


def test_there_are_twelve_at_most(anyone, sells):
    asked, *_ = sells(*(f"Dress {number}" for number in range(14)))

    assert len(anyone.get(f"/api/v1/products/{asked.pk}/similar").json()["products"]) == 12


def test_a_product_that_does_not_exist_is_like_nothing(anyone, db):
    assert anyone.get("/api/v1/products/1/similar").status_code == 404
