#include "gateways/webhooks_out/addresses.hpp"
#include "gateways/webhooks_out/url.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::webhooks_out;

namespace {

Reach reach(const char* text) {
    return reach_of(boost::asio::ip::make_address(text));
}

bool may(std::string_view url, Receivers receivers = Receivers::of_the_internet) {
    return parse_target(url, receivers).has_value();
}

}  // namespace

TEST_CASE("addresses of the internet may be called", "[webhooks_out]") {
    for (const auto* address :
         {"1.1.1.1",
          "8.8.8.8",
          "9.255.255.255",
          "11.0.0.0",
          "100.63.255.255",
          "100.128.0.0",
          "126.255.255.255",
          "128.0.0.0",
          "169.253.255.255",
          "169.255.0.0",
          "172.15.255.255",
          "172.32.0.0",
          "192.167.255.255",
          "192.169.0.0",
          "198.17.255.255",
          "198.20.0.0",
          "223.255.255.255",
          "2606:4700:4700::1111",
          "2a00:1450:4001:800::200e",
          "::ffff:8.8.8.8",
          "64:ff9b::8.8.8.8",
          "2002:808:808::1"}) {
        CAPTURE(address);
        CHECK(reach(address) == Reach::anywhere);
    }
}

TEST_CASE("addresses of this side are so in every form", "[webhooks_out]") {
    for (const auto* address :
         {"10.0.0.0",
          "10.255.255.255",
          "100.64.0.0",
          "100.127.255.255",
          "127.0.0.1",
          "127.255.255.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.168.0.1",
          "::1",
          "fc00::1",
          "fdff::1",
          "::ffff:127.0.0.1",
          "::ffff:10.1.2.3",
          "64:ff9b::192.168.1.1",
          "64:ff9b::7f00:1",
          "2002:a00:1::1",
          "2002:7f00:1::",
          "2a00::5efe:10.0.0.1",
          "2a00::200:5efe:192.168.0.9"}) {
        CAPTURE(address);
        CHECK(reach(address) == Reach::this_side);
    }
}

TEST_CASE("what is link-local, metadata, multicast or reserved is never called", "[webhooks_out]") {
    for (const auto* address :
         {"0.0.0.0",
          "0.1.2.3",
          "100.100.100.200",
          "168.63.129.16",
          "169.254.0.1",
          "169.254.169.254",
          "192.0.0.192",
          "192.0.2.1",
          "192.88.99.1",
          "198.18.0.1",
          "198.19.255.255",
          "198.51.100.7",
          "203.0.113.9",
          "224.0.0.1",
          "239.255.255.255",
          "240.0.0.1",
          "255.255.255.255",
          "::",
          "::2",
          "::7f00:1",
          "fe80::1",
          "fec0::1",
          "ff02::1",
          "fd00:ec2::254",
          "100::1",
          "2001::1",
          "2001:20::1",
          "2001:db8::1",
          "3fff::1",
          "5f00::1",
          "64:ff9b:1::1",
          "64:ff9b::169.254.169.254",
          "::ffff:169.254.169.254",
          "::ffff:0.0.0.0",
          "2002:a9fe:a9fe::1",
          "2a00::5efe:169.254.169.254"}) {
        CAPTURE(address);
        CHECK(reach(address) == Reach::never);
    }
}

TEST_CASE("an endpoint is at https, at a host of the internet", "[webhooks_out]") {
    for (const auto* url :
         {"https://example.com",
          "https://example.com/",
          "https://EXAMPLE.com/hooks/a?shop=1&b=%20",
          "https://example.com?shop=1",
          "https://example.com:443/x",
          "https://example.com:8443/x",
          "https://xn--aa-qia8a.com.br/x",
          "https://8.8.8.8/x",
          "https://[2606:4700:4700::1111]/x",
          "https://[64:ff9b::8.8.8.8]/x"}) {
        CAPTURE(url);
        CHECK(may(url));
    }
    for (const auto* url :
         {"",
          "example.com",
          "//example.com/x",
          "http://example.com/x",
          "ftp://example.com/x",
          "https:///x",
          "https://",
          "https://user@example.com/",
          "https://user:pass@example.com/",
          "https://@example.com/",
          "https://example.com/#top",
          "https://example.com:0/",
          "https://example.com:22/",
          "https://example.com:80/",
          "https://example.com:65536/",
          "https://example.com:x/",
          "https://exa mple.com/",
          "https://example.com/a b",
          "https://example.com/\r\nX: y",
          "https://example.com./",
          "https://ex%61mple.com/",
          "https://%31%32%37.0.0.1/",
          "https://localhost/",
          "https://a.localhost/",
          "https://127.0.0.1/",
          "https://127.1/",
          "https://2130706433/",
          "https://0x7f000001/",
          "https://0x7f.0.0.1/",
          "https://0177.0.0.1/",
          "https://10.0.0.1/",
          "https://169.254.169.254/latest/meta-data/",
          "https://[::1]/",
          "https://[::]/",
          "https://[::ffff:127.0.0.1]/",
          "https://[::ffff:a9fe:a9fe]/",
          "https://[fe80::1%25eth0]/",
          "https://[fd00:ec2::254]/",
          "https://[64:ff9b::10.0.0.1]/",
          "https://[2002:7f00:1::1]/",
          "https://[v1.x]/",
          "http://127.0.0.1/"}) {
        CAPTURE(url);
        CHECK_FALSE(may(url));
    }
    CHECK_FALSE(may("https://example.com/" + std::string(2000, 'a')));
}

TEST_CASE(
    "where the operator allows it, this side may be called, this machine by http", "[webhooks_out]"
) {
    for (const auto* url :
         {"http://127.0.0.1:9000/x",
          "http://localhost:9000/x",
          "http://[::1]:9000/x",
          "https://localhost:9000/x",
          "https://10.0.0.1/x",
          "https://[fd12::1]/x",
          "https://[::ffff:10.0.0.1]/x"}) {
        CAPTURE(url);
        CHECK(may(url, Receivers::private_too));
    }
    for (const auto* url :
         {"http://10.0.0.1/x",
          "http://example.com/x",
          "http://0.0.0.0:9000/x",
          "https://169.254.169.254/x",
          "https://[fe80::1]/x",
          "https://[fd00:ec2::254]/x",
          "https://224.0.0.1/x"}) {
        CAPTURE(url);
        CHECK_FALSE(may(url, Receivers::private_too));
    }
}

TEST_CASE("the path and the query of an endpoint are kept as they are", "[webhooks_out]") {
    const auto target =
        parse_target("https://Example.com:8443/a/%7Eb/?x=1%202&y", Receivers::of_the_internet);
    REQUIRE(target);
    CHECK(target->origin.host == "example.com");
    CHECK(target->origin.port == 8443);
    CHECK(target->path == "/a/%7Eb/?x=1%202&y");
    CHECK(parse_target("https://example.com?x", Receivers::of_the_internet)->path == "/?x");
    CHECK(parse_target("https://example.com", Receivers::of_the_internet)->path == "/");
}
