#include "queries/offers/offers_performance.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/async.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/live_json.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using Figures = std::map<ClubifyId, LiveFigures>;

/// An id that was asked for, and the offer if there is one.
struct Asked {
    std::string id;
    std::optional<projections::OfferDetail> offer;
};

std::vector<Asked> find_all(
    projections::OffersReader& offers, const TenantId& tenant, std::vector<std::string> ids
) {
    std::vector<Asked> all;
    for (auto& id : ids) {
        auto offer = offers.find(tenant, OfferId(id));
        all.push_back({std::move(id), std::move(offer)});
    }
    return all;
}

std::vector<ClubifyId> known_ids(const std::vector<Asked>& all) {
    std::vector<ClubifyId> known;
    for (const auto& asked : all) {
        if (asked.offer) known.push_back(asked.offer->clubify_offer_id);
    }
    return known;
}

constexpr Term no_such_offer{"there is no such offer", "esta oferta não existe"};

Json to_json(const Asked& asked, const Figures& figures, const AskedDays& days, Language language) {
    Json json;
    json["offer_id"] = asked.id;
    if (!asked.offer) {
        json["error"] = {{"type", "not-found"}, {"detail", no_such_offer.in(language)}};
        return json;
    }
    json["name"] = asked.offer->name;
    json["slug"] = asked.offer->slug;
    json["status"] = asked.offer->status;
    const auto found = figures.find(asked.offer->clubify_offer_id);
    json["live"] =
        live_json(found == figures.end() ? LiveFigures() : found->second, {}, days, language);
    return json;
}

/// Whether one of them tells something in words.
bool has_words(const std::vector<Asked>& all, const Figures& figures) {
    return std::ranges::any_of(all, [](const Asked& asked) { return !asked.offer; }) ||
           std::ranges::any_of(figures, [](const auto& each) {
               return !each.second.reason.empty();
           });
}

boost::asio::awaitable<Result> performance(
    const ReadSide* reads,
    LiveMetrics* live,
    TenantId tenant,
    std::vector<std::string> ids,
    std::size_t most,
    DaysParameters parameters,
    Language language
) {
    std::vector<Fault> faults;
    const auto days = read_days(parameters, reads->clock(), faults);
    if (ids.empty() || ids.size() > most) {
        faults.push_back(
            {"/ids",
             "out_of_range",
             phrase(
                 "ids is a list of 1 to {} offer ids",
                 "ids é uma lista de 1 a {} ids de ofertas",
                 most
             )}
        );
    }
    if (!faults.empty()) co_return std::unexpected(invalid(std::move(faults)));
    auto lease = reads->projections.read_model(offers_model).lease();
    if (!lease) co_return std::unexpected(not_ready());

    Answer answer;
    std::vector<Asked> all;
    {
        // Not across the wait: a connection belongs to one thread at a time.
        projections::OffersReader offers(std::move(*lease));
        lease.reset();
        answer.position = offers.position();
        all = find_all(offers, tenant, std::move(ids));
    }
    Figures figures;
    if (auto known = known_ids(all); !known.empty()) {
        const auto ask = [&](Completion<Figures> done) {
            live->ask_many(tenant, std::move(known), platform_period(days), std::move(done));
        };
        figures = co_await wait_for_completion<Figures>(ask);
    }
    Json json;
    put_days(json, days);
    json["offers"] = Json::array();
    for (const auto& asked : all) json["offers"].push_back(to_json(asked, figures, days, language));
    json["position"] = *answer.position;
    if (has_words(all, figures)) answer.language = language;
    answer.body = json.dump();
    co_return answer;
}

}  // namespace

boost::asio::awaitable<Result> offers_performance(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    std::vector<std::string> ids,
    std::size_t most,
    DaysParameters days,
    Language language
) {
    return performance(
        &reads, &live, std::move(tenant), std::move(ids), most, std::move(days), language
    );
}

}  // namespace vitrine::queries
