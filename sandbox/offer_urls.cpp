#include <array>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "sandbox/fields.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/offers.hpp"
#include "sandbox/random.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::string_view host = "https://checkout.clubify.com";
constexpr std::size_t most_urls = 1000;  // of one offer; the oldest go first

constexpr std::array<std::string_view, 8> attested{
    "customDomain",
    "slug",
    "utmParams",
    "expirationType",
    "expirationDate",
    "maxUsage",
    "passwordProtected",
    "password"
};
constexpr std::array<Alias, 7> aliases{{
    {"custom_domain", "customDomain"},
    {"utm_params", "utmParams"},
    {"utm", "utmParams"},
    {"expiration_type", "expirationType"},
    {"expiration_date", "expirationDate"},
    {"max_usage", "maxUsage"},
    {"password_protected", "passwordProtected"},
}};
constexpr std::array<std::string_view, 5> utm_names{
    "source", "medium", "campaign", "term", "content"
};
constexpr std::array<std::string_view, 3> expirations{"never", "date", "usage"};

void read_body(Call& call, FieldErrors& errors) {
    use_attested_names(call.body, {attested, aliases}, call.world.strict, "", errors);
    Checker check(call.body, "", errors);
    check.text("customDomain", 1, 253);
    check.slug("slug");
    check.object("utmParams");
    check.one_of("expirationType", expirations);
    check.text("expirationDate", 10, 40);
    check.integer("maxUsage", 1);
    check.boolean("passwordProtected");
    check.text("password", 1, 255);
    if (text_of(call.body, "expirationType") == "date") check.require("expirationDate");
    if (text_of(call.body, "expirationType") == "usage") check.require("maxUsage");
    auto* utm = check.find("utmParams");
    if (!utm || !utm->is_object()) return;
    Checker utm_check(*utm, "utmParams.", errors);
    for (const auto name : utm_names) {
        utm_check.text(name, 0, 255);
        utm_check.text("utm_" + std::string(name), 0, 255);
    }
}

std::string checkout_url(const Json& body, const std::string& slug) {
    const auto domain = text_of(body, "customDomain");
    auto url = domain.empty() ? std::string(host) : "https://" + std::string(domain);
    url += '/' + slug;
    const auto* utm = member(body, "utmParams");
    if (!utm) return url;
    char separator = '?';
    for (const auto name : utm_names) {
        const auto long_name = "utm_" + std::string(name);
        auto value = text_of(*utm, name);
        if (value.empty()) value = text_of(*utm, long_name);
        if (value.empty()) continue;
        url += separator + long_name + '=' + net::percent_encode(value);
        separator = '&';
    }
    return url;
}

/// The list of the offer's URLs so far.
Json urls_of(const Call& call, const std::string& id) {
    const auto* row = call.world.state.table(Kind::offer_urls).find(call.space, id);
    return row ? load(*row) : Json::array();
}

/// The same request gives the URL it gave before.
Result generate(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_body(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto slug = std::string(text_of(call.body, "slug"));
    if (slug.empty()) slug = (*row)->facets.slug;
    const auto url = checkout_url(call.body, slug);
    const bool has_password = call.body.erase("password") > 0;
    if (has_password) call.body["passwordProtected"] = true;

    const auto id = (*row)->id;
    auto urls = urls_of(call, id);
    for (const auto& known : urls) {
        if (text_of(known, "checkoutUrl") == url && known.at("options") == call.body) {
            return Reply{200, known.dump()};
        }
    }
    const auto key = std::hash<std::string>{}(id + url + call.body.dump());
    const auto code = Random(call.world.seed, key).hex(8);
    auto made = Json::object();
    made["checkoutUrl"] = url;
    made["shortUrl"] = std::string(host) + "/s/" + code;
    made["qrCode"] = std::string(host) + "/qr/" + code + ".png";
    made["metadata"] = {{"slug", slug}, {"createdAt", format_time(call.now())}};
    made["options"] = std::move(call.body);
    auto text = made.dump();
    if (urls.size() >= most_urls) urls.erase(urls.begin());
    urls.push_back(std::move(made));
    call.world.state.put(Kind::offer_urls, call.space, id, urls);
    return Reply{200, std::move(text)};
}

Result list(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    return Reply{200, urls_of(call, (*row)->id).dump()};
}

constexpr std::array routes{
    Route{"POST", "/offers/{id}/generate-url", generate},
    Route{"GET", "/offers/{id}/urls", list},
};

}  // namespace

std::span<const Route> offer_url_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
