#include "core/phone_number.hpp"

#include <rapidcheck.h>

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a phone number has one spelling", "[phone]") {
    struct Row {
        std::string_view given, known;
    };
    const Row row = GENERATE(
        Row{"+5511987654321", "+5511987654321"},
        Row{"+55 (11) 98765-4321", "+5511987654321"},
        Row{"(11) 98765-4321", "+5511987654321"},
        Row{"11987654321", "+5511987654321"},
        Row{"011 98765.4321", "+5511987654321"},
        Row{"0 15 11 98765-4321", "+5511987654321"},
        Row{"5511987654321", "+5511987654321"},
        Row{"+55 0 11 98765-4321", "+5511987654321"},
        Row{"+55 (0) 11 98765-4321", "+5511987654321"},
        Row{"11\u00a098765\u20114321", "+5511987654321"},
        Row{"(55) 99876-5432", "+5555998765432"},
        Row{"(55) 3220-1234", "+555532201234"},
        Row{"21 2345-6789", "+552123456789"},
        Row{"11 7765-4321", "+551177654321"},
        Row{"+1 (212) 555-0123", "+12125550123"},
        Row{"+351 912 345 678", "+351912345678"},
        Row{"+44 (0)20 7946 0018", "+442079460018"},
        Row{"+44 020 7946 0018", "+442079460018"},
        Row{"+39 06 698 12345", "+390669812345"},
        Row{"+595 981 123456", "+595981123456"}
    );
    CAPTURE(row.given);
    CHECK(phone_number(row.given) == std::string(row.known));
    CHECK(phone_number(row.known) == std::string(row.known));
}

TEST_CASE("what is no phone number says why", "[phone]") {
    using enum NoPhoneNumber;
    struct Row {
        std::string_view given;
        NoPhoneNumber why;
    };
    const Row row = GENERATE(
        Row{"", form},
        Row{"+", form},
        Row{"11 98765-4321 ramal 2", form},
        Row{"11 98765+4321", form},
        Row{"++5511987654321", form},
        Row{"98765-4321", length},
        Row{"4004-1234", length},
        Row{"0800 123 4567", area},
        Row{"+55 11 98765-43210", length},
        Row{"+55", length},
        Row{"+1 212 555 012", length},
        Row{"+1 212 555 01234", length},
        Row{"+999 1234567", country},
        Row{"+0 1234567", country},
        Row{"(10) 98765-4321", area},
        Row{"(23) 98765-4321", area},
        Row{"(20) 2345-6789", area},
        Row{"(11) 8765-4321", ninth_digit},
        Row{"(11) 9765-4321", ninth_digit},
        Row{"(11) 6765-4321", ninth_digit},
        Row{"(11) 88765-4321", subscriber},
        Row{"(55) 87654-3210", subscriber},  // of the area 55, not of the country
        Row{"(11) 1234-5678", subscriber},
        Row{"(11) 0234-5678", subscriber}
    );
    CAPTURE(row.given);
    CHECK(phone_number(row.given) == std::unexpected(row.why));
}

TEST_CASE("Brazil has 67 areas", "[phone]") {
    int areas = 0;
    for (int area = 0; area < 100; ++area) {
        const auto digits = std::to_string(area);
        const auto text = "+55" + (digits.size() == 1 ? '0' + digits : digits) + "987654321";
        areas += phone_number(text).has_value() ? 1 : 0;
    }
    CHECK(areas == 67);
}

TEST_CASE("what is said to be a number is E.164, and stays itself", "[phone]") {
    rc::check([](const std::string& text) {
        const auto digits =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string("+0123456789 -()")));
        for (const auto& given : {text, digits, '+' + digits}) {
            const auto number = phone_number(given);
            if (!number) continue;
            RC_ASSERT(number->front() == '+');
            RC_ASSERT(number->size() >= 5U);
            RC_ASSERT(number->size() <= 16U);
            RC_ASSERT(number->find_first_not_of("0123456789", 1) == std::string::npos);
            RC_ASSERT(phone_number(*number).value_or("") == *number);
        }
    });
}
