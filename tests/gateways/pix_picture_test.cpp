// The picture of a Pix code.
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "gateways/payments/pix.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

using Json = nlohmann::json;
using Dark = std::set<std::pair<int, int>>;

int number_at(std::string_view text, std::size_t& at) {
    int number = 0;
    const auto end = std::from_chars(text.data() + at, text.data() + text.size(), number).ptr;
    at = static_cast<std::size_t>(end - text.data());
    return number;
}

/// The dark modules that the picture's path draws: "M4 4h7v1h-7z…".
Dark dark_in(std::string_view svg) {
    Dark dark;
    auto at = svg.rfind(" d=\"") + 4;
    while (svg[at] == 'M') {
        const int x = number_at(svg, ++at), y = number_at(svg, ++at), run = number_at(svg, ++at);
        for (int i = 0; i < run; ++i) dark.emplace(x + i, y);
        at = svg.find('z', at) + 1;
    }
    return dark;
}

int size_of(std::string_view svg) {
    auto at = svg.find("viewBox=\"0 0 ") + 13;
    return number_at(svg, at);
}

bool has_finder(const Dark& dark, int left, int top) {
    for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 7; ++x) {
            const bool ring = x == 0 || y == 0 || x == 6 || y == 6;
            const bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;
            if (dark.contains({left + x, top + y}) != (ring || core)) return false;
        }
    }
    return true;
}

}  // namespace

TEST_CASE("a Pix code is drawn as a QR code with its quiet zone", "[payments]") {
    const std::string code =
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
        "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";
    const auto told = Json{{"qr_code", code}, {"expires_at", "2026-12-01T13:00:00Z"}};
    const auto shown = Json::parse(payments::with_picture(JsonText(told.dump())).text);
    CHECK(shown.at("qr_code") == code);
    CHECK(shown.at("expires_at") == told.at("expires_at"));
    const auto svg = shown.at("qr_code_svg").get<std::string>();
    const auto size = size_of(svg);
    CHECK((size - 8 - 21) % 4 == 0);
    const auto dark = dark_in(svg);
    CHECK(has_finder(dark, 4, 4));
    CHECK(has_finder(dark, size - 11, 4));
    CHECK(has_finder(dark, 4, size - 11));
    for (const auto& [x, y] : dark) {
        CHECK(x >= 4);
        CHECK(x < size - 4);
        CHECK(y < size - 4);
    }
}

TEST_CASE("what is no code, or longer than any, is shown as it is", "[payments]") {
    const JsonText none(R"({"url":"https://example.com"})");
    CHECK(payments::with_picture(none) == none);
    const JsonText other(R"({"qr_code":7})");
    CHECK(payments::with_picture(other) == other);
    const JsonText empty(R"({"qr_code":""})");
    CHECK(payments::with_picture(empty) == empty);
    const JsonText long_one(Json{{"qr_code", std::string(4000, 'x')}}.dump());
    CHECK(payments::with_picture(long_one) == long_one);
}
