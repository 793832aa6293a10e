#include "core/email_address.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("an e-mail address has one spelling", "[email]") {
    struct Row {
        std::string_view given, known;
    };
    const Row row = GENERATE(
        Row{"ana@example.com", "ana@example.com"},
        Row{"  Ana.Silva@Example.COM \t", "ana.silva@example.com"},
        Row{"ana+loja@example.com.br", "ana+loja@example.com.br"},
        Row{"o'neil_x-1@mail.example.org", "o'neil_x-1@mail.example.org"},
        Row{"ANA@CAF\u00c9.com.br", "ana@xn--caf-dma.com.br"},
        Row{"ana@cafe\u0301.com.br", "ana@xn--caf-dma.com.br"},
        Row{"ana@xn--caf-dma.com.br", "ana@xn--caf-dma.com.br"},
        Row{"ana@XN--CAF-DMA.com.br", "ana@xn--caf-dma.com.br"},
        Row{"JOS\u00c9@example.com", "jos\u00e9@example.com"},
        Row{"jose\u0301@example.com", "jos\u00e9@example.com"},
        Row{"a@stra\u00dfe.de", "a@xn--strae-oqa.de"},
        Row{"1@2.example", "1@2.example"}
    );
    CAPTURE(row.given);
    CHECK(email_address(row.given) == std::optional<std::string>(row.known));
    CHECK(email_address(row.known) == std::optional<std::string>(row.known));
}

TEST_CASE("what no mail can be sent to is no e-mail address", "[email]") {
    const std::string_view given = GENERATE(
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@localhost",
        "ana@example.com.",
        "ana@.example.com",
        "ana@exa mple.com",
        "ana@-example.com",
        "ana@exam_ple.com",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        "ana@@example.com",
        "a na@example.com",
        "ana silva@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "a..b@example.com",
        "\"ana\"@example.com",
        "Ana <ana@example.com>",
        "ana@example.com,bia@example.com",
        "ana\u200b@example.com",
        "a\xffna@example.com"
    );
    CAPTURE(given);
    CHECK_FALSE(email_address(given));
}

TEST_CASE("an e-mail address has bounds", "[email]") {
    const std::string local(64, 'a');
    CHECK(email_address(local + "@example.com"));
    CHECK_FALSE(email_address(local + "a@example.com"));
    const std::string label(63, 'b');
    const auto domain = label + '.' + label + '.' + label + ".example";
    CHECK(email_address("a@" + domain));
    CHECK_FALSE(email_address(local + "@" + domain));
}
