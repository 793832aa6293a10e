#include "commands/rulebooks/rulebook.hpp"

#include <algorithm>

#include "commands/json.hpp"
#include "commands/time_in.hpp"
#include "core/overloaded.hpp"
#include "rules/bumps/decide.hpp"

namespace vitrine::commands {
namespace {

std::optional<std::unexpected<Rejection>> why_not(const OfferState& offer) {
    if (offer.version == 0)
        return std::unexpected(
            Rejection{"not-found", {"There is no such offer.", "Não existe esta oferta."}, {}}
        );
    if (offer.status == OfferStatus::archived)
        return std::unexpected(Rejection{
            "illegal-transition", {"The offer is archived.", "A oferta está arquivada."}, {}
        });
    return std::nullopt;
}

const KnownProduct* known(const KnownProducts& all, const ProductId& id) {
    const auto found = std::ranges::find(all, id, &KnownProduct::id);
    return found == all.end() ? nullptr : &*found;
}

Fault unknown_product(std::string pointer) {
    return {
        std::move(pointer),
        "unknown_product",
        {"there is no such product", "este produto não existe"}
    };
}

/// What can be sold by it no more, or never could.
void check_product(
    const events::Bump& bump,
    const RulebookFacts& facts,
    const std::string& at,
    std::vector<Fault>& faults
) {
    const auto* product = known(facts.products, bump.product_id);
    const auto pointer = at + "/product_id";
    if (product == nullptr) return faults.push_back(unknown_product(pointer));
    if (product->archived)
        faults.push_back(
            {pointer, "archived", {"the product is sold no more", "o produto não é mais vendido"}}
        );
    if (product->currency != facts.offer.currency)
        faults.push_back(
            {pointer,
             "other_currency",
             phrase(
                 "costs {}, and the offer is in {}",
                 "custa em {}, e a oferta é em {}",
                 product->currency,
                 facts.offer.currency
             )}
        );
}

std::vector<events::Bump> drafted(const RulebookState& state) {
    std::vector<events::Bump> bumps;
    for (const auto& [name, bump] : state.bumps) bumps.push_back(bump);
    return bumps;
}

}  // namespace

bool is_bump_name(std::string_view text) {
    constexpr std::size_t longest = 64;
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= longest && is_letter(text[0]) &&
           std::ranges::all_of(text, [&](char c) { return is_letter(c) || c == '-' || c == '_'; });
}

RulebookDecision decide(
    const SetBump& command, const RulebookState& state, const RulebookFacts& facts
) {
    if (auto no = why_not(facts.offer)) return *std::move(no);
    const auto& bump = command.bump;
    std::vector<Fault> faults;
    if (!is_bump_name(bump.bump))
        faults.push_back(
            {"",
             "bump_name",
             {"the name of the bump in the path has letters, digits, hyphens and underscores, a "
              "letter or a digit first, at most 64",
              "o nome do bump no caminho tem letras, algarismos, hifens e sublinhados, começando "
              "por letra ou algarismo, no máximo 64"}}
        );
    if (known(facts.products, bump.product_id) == nullptr)
        faults.push_back(unknown_product("/product_id"));
    const auto& required = bump.display_rules.required_products;
    for (std::size_t i = 0; i < required.size(); ++i) {
        if (known(facts.products, required[i]) == nullptr)
            faults.push_back(
                unknown_product("/display_rules/required_products/" + std::to_string(i))
            );
    }
    if (!state.bumps.contains(bump.bump) && state.bumps.size() >= most_bumps)
        faults.push_back(
            {"",
             "too_many_bumps",
             phrase(
                 "an offer has at most {} bumps", "uma oferta tem no máximo {} bumps", most_bumps
             )}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    const auto before = state.bumps.find(bump.bump);
    if (before != state.bumps.end() && before->second == bump) return RulebookEvents{};
    return RulebookEvents{events::BumpDrafted{state.offer_id, bump}};
}

RulebookDecision decide(const DeleteBump& command, const RulebookState& state) {
    if (!state.bumps.contains(command.bump))
        return std::unexpected(
            Rejection{"not-found", {"There is no such bump.", "Não existe este bump."}, {}}
        );
    return RulebookEvents{events::BumpWithdrawn{state.offer_id, command.bump, command.reason}};
}

RulebookDecision decide(
    const PublishRevision& command, const RulebookState& state, const RulebookFacts& facts
) {
    if (auto no = why_not(facts.offer)) return *std::move(no);
    std::vector<Fault> faults;
    const auto from = time_in(command.effective_at, "/effective_at", faults);
    if (from && *from < facts.now)
        faults.push_back(
            {"/effective_at",
             "past",
             phrase(
                 "must not be before now, {}",
                 "não pode ser antes de agora, {}",
                 format_time(facts.now)
             )}
        );
    if (facts.offer.products.empty())
        faults.push_back(
            {"", "no_products", {"the offer has no products", "a oferta não tem produtos"}}
        );
    for (const auto& [name, bump] : state.bumps) {
        const auto at = "/bumps/" + escape_pointer(name);
        rules::bumps::check(bump, at, faults);
        check_product(bump, facts, at, faults);
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    events::RevisionPublished published;
    published.offer_id = state.offer_id;
    published.revision = state.revision ? state.revision->revision + 1 : 1;
    published.effective_at = from.value_or(facts.now);
    published.grandfathering = command.grandfathering;
    published.max_bumps = command.max_bumps.value_or(
        state.revision ? state.revision->max_bumps : published.max_bumps
    );
    published.bumps = drafted(state);
    const auto& last = state.revision;
    const bool is_so = last && last->bumps == published.bumps &&
                       last->max_bumps == published.max_bumps &&
                       last->grandfathering == published.grandfathering &&
                       (from ? last->effective_at == *from : last->effective_at <= facts.now);
    if (is_so) return RulebookEvents{};
    return RulebookEvents{std::move(published)};
}

RulebookState evolve(RulebookState state, const events::RulebookEvent& event) {
    std::visit(
        overloaded{
            [&](const events::BumpDrafted& e) {
                state.offer_id = e.offer_id;
                state.bumps[e.drafted.bump] = e.drafted;
            },
            [&](const events::BumpWithdrawn& e) { state.bumps.erase(e.bump); },
            [&](const events::RevisionPublished& e) {
                state.offer_id = e.offer_id;
                state.revision = e;
            },
        },
        event
    );
    ++state.version;
    return state;
}

}  // namespace vitrine::commands
