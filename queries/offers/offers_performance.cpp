#include "queries/offers/offers_performance.hpp"

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

constexpr std::size_t ids_most = 100;

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

Json to_json(const Asked& asked, const Figures& figures, const AskedDays& days) {
    Json json;
    json["offer_id"] = asked.id;
    if (!asked.offer) {
        json["error"] = {{"type", "not-found"}, {"detail", "there is no such offer"}};
        return json;
    }
    json["name"] = asked.offer->name;
    json["slug"] = asked.offer->slug;
    json["status"] = asked.offer->status;
    const auto found = figures.find(asked.offer->clubify_offer_id);
    json["live"] = live_json(found == figures.end() ? LiveFigures() : found->second, {}, days);
    return json;
}

boost::asio::awaitable<Result> performance(
    const ReadSide* reads,
    LiveMetrics* live,
    TenantId tenant,
    std::optional<std::string> ids,
    DaysParameters parameters
) {
    std::vector<Fault> faults;
    const auto days = read_days(parameters, reads->clock(), faults);
    auto wanted = split_list(ids.value_or(""));
    if (wanted.empty() || wanted.size() > ids_most) {
        faults.push_back(
            {"/ids",
             "out_of_range",
             {"ids is a comma list of 1 to 100 offer ids",
              "ids é uma lista de 1 a 100 ids de ofertas, separados por vírgula"}}
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
        all = find_all(offers, tenant, std::move(wanted));
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
    for (const auto& asked : all) json["offers"].push_back(to_json(asked, figures, days));
    json["position"] = *answer.position;
    answer.body = json.dump();
    co_return answer;
}

}  // namespace

boost::asio::awaitable<Result> offers_performance(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    std::optional<std::string> ids,
    DaysParameters days
) {
    return performance(&reads, &live, std::move(tenant), std::move(ids), std::move(days));
}

}  // namespace vitrine::queries
