#include "core/sha256.hpp"

#include "core/hmac.hpp"
#include "core/text.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("SHA-256 is that of FIPS 180-4, in one piece and in many") {
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == abc);
    Sha256 sha256;
    for (int i = 0; i < 2; ++i) {
        sha256.begin();
        sha256.add("a");
        sha256.add("");
        sha256.add("bc");
        CHECK(to_hex(bytes_of(sha256.end())) == abc);
        CHECK(to_hex(bytes_of(sha256.digest("abc"))) == abc);
    }
}

TEST_CASE("HMAC-SHA256 is that of RFC 4231") {
    struct Row {
        std::string key, text, expected;
    };
    const auto row = GENERATE(
        Row{std::string(20, '\x0b'),
            "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        Row{"Jefe",
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        Row{std::string(131, '\xaa'),
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        Row{"", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"}
    );
    CHECK(to_hex(bytes_of(hmac_sha256(row.key, row.text))) == row.expected);
    CHECK(
        to_hex(bytes_of(hmac_sha256(std::string_view(), ""))) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

TEST_CASE("secrets are equal when every byte is") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("secret", "secret"));
    CHECK_FALSE(equal_in_constant_time("secret", "secreT"));
    CHECK_FALSE(equal_in_constant_time("secret", "Secret"));
    CHECK_FALSE(equal_in_constant_time("secret", "secret "));
    CHECK_FALSE(equal_in_constant_time("", "s"));
}
