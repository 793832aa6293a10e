#include "api/config/values.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <limits>

namespace vitrine::api {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

/// A number followed by one of the units.
template <std::size_t Count>
std::optional<std::uint64_t> parse_with_unit(std::string_view text, const Unit (&units)[Count]) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, digits));
    if (!number) return std::nullopt;
    for (const auto& unit : units) {
        if (unit.name != text.substr(digits)) continue;
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (*number > most / unit.factor) return std::nullopt;
        return *number * unit.factor;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    constexpr Unit units[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
    const auto number = parse_with_unit(text, units);
    if (!number) return std::nullopt;
    return std::chrono::milliseconds(*number);
}

std::optional<std::chrono::seconds> parse_advance(std::string_view text) {
    constexpr Unit units[] = {{"s", 1}, {"m", 60}, {"h", 3'600}, {"d", 86'400}, {"w", 604'800}};
    constexpr std::uint64_t beyond = 1'000ull * 365 * 86'400;
    const auto number = parse_with_unit(text, units);
    if (!number || *number == 0 || *number >= beyond) return std::nullopt;
    return std::chrono::seconds(*number);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    constexpr Unit units[] = {
        {"", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}
    };
    return parse_with_unit(text, units);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_number(text.substr(colon + 1));
    if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    std::string address(host == "localhost" ? "127.0.0.1" : host);
    boost::system::error_code error;
    const auto parsed = boost::asio::ip::make_address(address, error);
    if (error || parsed.is_v6() != bracketed) return std::nullopt;
    return ListenAddress{std::move(address), static_cast<std::uint16_t>(*port)};
}

std::optional<KeyLimit> parse_key_limit(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto requests = parse_number(text.substr(0, slash));
    const auto window = parse_duration(text.substr(slash + 1));
    if (!requests || *requests == 0 || !window) return std::nullopt;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*window);
    if (seconds != *window || seconds.count() == 0) return std::nullopt;
    return KeyLimit{*requests, seconds};
}

std::optional<std::vector<std::string>> parse_origins(std::string_view text) {
    std::vector<std::string> origins;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto origin = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto begin = std::min(origin.find_first_not_of(' '), origin.size());
        origin = origin.substr(begin, origin.find_last_not_of(' ') + 1 - begin);
        const auto scheme = origin.find("://");
        const bool is_origin = (origin.starts_with("http://") || origin.starts_with("https://")) &&
                               origin.size() > scheme + 3 &&
                               origin.find_first_of("/?# ", scheme + 3) == std::string_view::npos;
        if (origin != "*" && !is_origin) return std::nullopt;
        origins.emplace_back(origin);
    }
    return origins;
}

}  // namespace vitrine::api
