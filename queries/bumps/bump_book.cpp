#include "queries/bumps/bump_book.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/money.hpp"
#include "core/text.hpp"
#include "events/codec.hpp"
#include "projections/bump_displays/reader.hpp"
#include "projections/listed.hpp"
#include "projections/stock/reader.hpp"
#include "queries/stock/stock.hpp"

namespace vitrine::queries {

using namespace rules::bumps;

namespace {

using Json = nlohmann::ordered_json;

/// Of one tenant; a page that is full begins anew.
constexpr std::size_t most_rows = 10'000, most_tenants = 1'000;

constexpr std::chrono::hours one_day{24};

struct Revision {
    std::int64_t revision = 0;
    Timestamp effective_at;
};

std::optional<events::RevisionPublished> revision_in(
    store::EventStore& store, const TenantId& tenant, const OfferId& offer, std::int64_t revision
) {
    constexpr std::size_t page = 500;
    const StreamName stream("rulebook-" + offer.str());
    for (Version from = 1;; from += page) {
        const auto told = store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& each : told) {
            const auto event = events::decode<events::RulebookEvent>(each);
            const auto* found = event ? std::get_if<events::RevisionPublished>(&*event) : nullptr;
            if (found != nullptr && found->revision == revision) return *found;
        }
        if (told.size() < page) return std::nullopt;
    }
}

/// Only those that the rules ask for: no more of a person is kept than decides.
std::vector<std::string> asked_of(const Rulebook& rulebook, const std::vector<std::string>& all) {
    std::vector<std::string> some;
    for (const auto& segment : all) {
        const bool is_asked = std::ranges::any_of(rulebook.bumps, [&](const events::Bump& bump) {
            const auto& wanted = bump.display_rules.customer_segments;
            return std::ranges::find(wanted, segment) != wanted.end();
        });
        if (is_asked) some.push_back(segment);
    }
    std::ranges::sort(some);
    return some;
}

/// In steps of a twentieth, so that not every display makes other inputs of it.
std::int64_t expected_cents(const projections::BumpSums& sums, std::int64_t price) {
    constexpr std::int64_t steps = 20;
    const auto share = (sums.accepted + 1) * steps / (sums.displayed + 2);
    return round_div(static_cast<Wide>(price) * share, steps, Rounding::half_away).value_or(0);
}

/// Only between such does it matter what each brings in.
bool has_equal(const Rulebook& rulebook, const events::Bump& bump) {
    return std::ranges::any_of(rulebook.bumps, [&](const events::Bump& other) {
        return &other != &bump && other.design.position == bump.design.position &&
               other.priority == bump.priority;
    });
}

/// Of displays only what the bump's limits ask for.
Displays counted(
    const std::vector<projections::BumpDisplay>& all,
    const events::DisplayLimits& limits,
    const Question& question
) {
    Displays displays;
    for (const auto& each : all) {
        if (each.checkout == question.checkout_id) continue;
        if (limits.per_session && each.in_session) ++displays.in_session;
        if (limits.per_user && each.to_customer) ++displays.to_user;
        if (limits.min_gap_seconds && (!displays.last || *displays.last < each.at))
            displays.last = each.at;
        if (!limits.per_day || each.at + one_day <= question.moment.now) continue;
        ++displays.in_day;
        if (!displays.oldest_in_day || each.at < *displays.oldest_in_day)
            displays.oldest_in_day = each.at;
    }
    return displays;
}

}  // namespace

struct BumpBook::Row {
    Version version = 0;  // 0: nothing was ever drafted
    std::vector<Revision> revisions;
    std::shared_ptr<const Rulebook> drafted = std::make_shared<const Rulebook>();

    std::optional<std::int64_t> at(Timestamp now) const {
        for (auto i = revisions.rbegin(); i != revisions.rend(); ++i) {
            if (i->effective_at <= now) return i->revision;
        }
        return std::nullopt;
    }
};

std::shared_ptr<const BumpBook::Row> BumpBook::row(const TenantId& tenant, const OfferId& offer)
    const {
    auto lease = reads_.projections.read_model(rulebooks_model).lease();
    if (!lease) return nullptr;
    projections::ListedReader rows(std::move(*lease), rulebooks_model);
    const auto found = rows.find(tenant, offer.view());
    if (!found) return std::make_shared<const Row>();
    {
        const std::scoped_lock lock(mutex_);
        const auto& known = pages_[tenant].rows[offer.str()];
        if (known && known->version == found->version) return known;
    }
    auto row = std::make_shared<Row>();
    row->version = found->version;
    const auto json = Json::parse(found->body);
    for (const auto& each : json.at("revisions"))
        row->revisions.push_back(
            {each.at("revision").get<std::int64_t>(),
             parse_time(each.at("effective_at").get<std::string>()).value_or(Timestamp())}
        );
    Rulebook drafted;
    drafted.offer_id = offer;
    if (!json.at("revisions").empty())
        drafted.max_bumps = json.at("revisions").back().at("max_bumps").get<std::int64_t>();
    for (const auto& each : json.at("bumps"))
        drafted.bumps.push_back(bump_in(JsonText(each.dump())));
    row->drafted = std::make_shared<const Rulebook>(std::move(drafted));
    const std::scoped_lock lock(mutex_);
    if (pages_.size() > most_tenants) pages_.clear();
    auto& page = pages_[tenant];
    if (page.rows.size() > most_rows) page.rows.clear();
    page.rows[offer.str()] = row;
    return row;
}

/// A checkout may pin one that the read model does not have yet: the log has it.
std::shared_ptr<const Rulebook> BumpBook::published(
    const TenantId& tenant, const OfferId& offer, std::int64_t revision
) const {
    const auto key = offer.str() + '/' + std::to_string(revision);
    {
        const std::scoped_lock lock(mutex_);
        const auto& known = pages_[tenant].revisions;
        if (const auto found = known.find(key); found != known.end()) return found->second;
    }
    const auto event = revision_in(reads_.store, tenant, offer, revision);
    if (!event) return std::make_shared<const Rulebook>();
    auto made =
        std::make_shared<const Rulebook>(Rulebook{offer, revision, event->max_bumps, event->bumps});
    const std::scoped_lock lock(mutex_);
    auto& page = pages_[tenant];
    if (page.revisions.size() > most_rows) page.revisions.clear();
    page.revisions[key] = made;
    return made;
}

std::shared_ptr<const Rulebook> BumpBook::asked_for(
    const TenantId& tenant, const Question& question, const Row& row
) const {
    if (question.drafted) return row.drafted;
    const auto revision = question.revision ? question.revision : row.at(question.moment.now);
    if (!revision || *revision == 0) return std::make_shared<const Rulebook>();
    return published(tenant, question.offer_id, *revision);
}

void BumpBook::note_displays(const TenantId& tenant, const Question& question, Known& known) const {
    auto lease = reads_.projections.read_model(bump_displays_model).lease();
    if (!lease) return;
    projections::BumpDisplaysReader reader(std::move(*lease));
    for (std::size_t i = 0; i < known.rulebook->bumps.size(); ++i) {
        const auto& bump = known.rulebook->bumps[i];
        auto& facts = known.inputs.bumps[i];
        if (facts.unit_cents && has_equal(*known.rulebook, bump))
            facts.expected_cents = expected_cents(
                reader.sums(tenant, question.offer_id, bump.bump), *facts.unit_cents
            );
        if (bump.limits == events::DisplayLimits()) continue;
        const auto shown = reader.displays(
            tenant, question.offer_id, bump.bump, question.session, question.customer_id
        );
        facts.displays = counted(shown, bump.limits, question);
    }
}

void BumpBook::note_stock(const TenantId& tenant, Timestamp now, Known& known) const {
    auto lease = reads_.projections.read_model(stock_model).lease();
    if (!lease) return;
    projections::StockReader stock(std::move(*lease), now);
    if (!stock.has_any(tenant)) return;
    for (std::size_t i = 0; i < known.units.size(); ++i) {
        const auto& sku = known.units[i].sku;
        if (!sku) continue;
        const auto found = stock.find(tenant, as_seen(*sku));
        // What may be sold on credit of the next delivery is there.
        if (found && found->tracked)
            known.inputs.bumps[i].available = found->available() + found->backorder_limit;
    }
}

std::optional<Source::Known> BumpBook::known(const TenantId& tenant, const Question& question)
    const {
    const auto rules = row(tenant, question.offer_id);
    if (!rules) return std::nullopt;
    Known known;
    known.rulebook = asked_for(tenant, question, *rules);
    std::vector<ProductId> products;
    for (const auto& bump : known.rulebook->bumps) products.push_back(bump.product_id);
    rules::prices::Question priced;
    priced.offer_id = question.offer_id;
    priced.customer_id = question.customer_id;
    priced.at = question.moment.now;
    auto units = prices_.unit_prices(tenant, priced, products);
    if (!units) return std::nullopt;
    known.units = std::move(units->units);
    known.units.resize(products.size());
    known.offer_status = units->offer_status;
    known.currency = units->currency;
    known.position = units->position;

    auto& inputs = known.inputs;
    inputs.offer_active = units->offer_status == "active";
    inputs.rounding = rules::prices::name_of(units->rounding);
    inputs.cart = question.cart;
    auto segments = question.segments ? *question.segments : std::move(units->segments);
    if (!question.segments && !question.customer_id)
        segments = {std::string(rules::prices::anonymous)};
    inputs.segments = asked_of(*known.rulebook, segments);
    inputs.device = question.device;
    inputs.region = question.region;
    inputs.page_seconds = question.page_seconds;
    for (std::size_t i = 0; i < products.size(); ++i) {
        const auto& bump = known.rulebook->bumps[i];
        auto& facts = inputs.bumps.emplace_back();
        facts.bump = bump.bump;
        facts.sold = known.units[i].sold;
        facts.unit_cents = known.units[i].cents;
        const auto shown = question.first_displayed.find(bump.bump);
        if (bump.pricing.time_limited && shown != question.first_displayed.end())
            facts.first_displayed = shown->second;
    }
    note_displays(tenant, question, known);
    note_stock(tenant, question.moment.now, known);
    return known;
}

}  // namespace vitrine::queries
