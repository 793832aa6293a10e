#include "core/phrase.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a phrase takes its parts in every language", "[phrase]") {
    constexpr Term offer{"offer", "oferta"};
    const auto words = phrase("no {} {} of {}", "nenhuma {} {} de {}", offer, "x{}", 3);
    CHECK(words.english() == "no offer x{} of 3");
    CHECK(words.in(Language::portuguese) == "nenhuma oferta x{} de 3");
    CHECK(Phrase().empty());
    const auto longer = words + Phrase(" more", " mais");
    CHECK(longer.in(Language::portuguese) == "nenhuma oferta x{} de 3 mais");
    CHECK(Phrase::as_is("x").in(Language::portuguese) == "x");
}

TEST_CASE("the language is the best liked of those there are, English unless told", "[phrase]") {
    struct Row {
        std::string accepts;
        Language language;
    };
    const auto row = GENERATE(
        Row{"", Language::english},
        Row{"de", Language::english},
        Row{"*", Language::english},
        Row{"pt", Language::portuguese},
        Row{"PT-br", Language::portuguese},
        Row{"pt-PT", Language::portuguese},
        Row{"pt-BR-x-shop", Language::portuguese},
        Row{"ptx", Language::english},
        Row{"pt-BR,pt;q=0.9,en;q=0.8", Language::portuguese},
        Row{"pt-BR, en", Language::portuguese},
        Row{"en, pt-BR", Language::english},
        Row{"en-US,en;q=0.9,pt;q=0.8", Language::english},
        Row{"pt;q=0.1, en;q=0.2", Language::english},
        Row{"en;q=0.2 , pt ; q=0.3", Language::portuguese},
        Row{"fr, pt;Q=0.5", Language::portuguese},
        Row{"pt;q=0", Language::english},
        Row{"en;q=0, *", Language::portuguese},
        Row{"en;q=0, *;q=0", Language::english},
        Row{"pt;q=high, en;q=0.1", Language::english},
        Row{"pt;q=2", Language::english},
        Row{",,;,pt", Language::portuguese}
    );
    CAPTURE(row.accepts);
    CHECK(preferred_language(row.accepts) == row.language);
    CHECK(preferred_language(std::nullopt) == Language::english);
}
