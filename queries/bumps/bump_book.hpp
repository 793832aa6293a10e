#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "queries/read_side.hpp"
#include "rules/bumps/source.hpp"

namespace vitrine::queries {

inline constexpr const char* rulebooks_model = "rulebooks";
inline constexpr const char* bump_displays_model = "bump_displays";

/// What order bumps are decided by, from the read models `rulebooks`, `bump_displays`, `stock` and
/// those of prices. A revision never changes: once read of the log it stays in memory. Concurrency:
/// any thread.
class BumpBook : public rules::bumps::Source {
public:
    /// All outlive it.
    BumpBook(const ReadSide& reads, const rules::prices::Source& prices)
        : reads_(reads), prices_(prices) {}

    std::optional<Known> known(const TenantId& tenant, const rules::bumps::Question& question)
        const override;

private:
    using Rulebook = rules::bumps::Rulebook;

    /// The row of an offer.
    struct Row;
    struct Page {
        std::unordered_map<std::string, std::shared_ptr<const Row>> rows;
        std::unordered_map<std::string, std::shared_ptr<const Rulebook>> revisions;
    };

    std::shared_ptr<const Row> row(const TenantId& tenant, const OfferId& offer) const;
    std::shared_ptr<const Rulebook> published(
        const TenantId& tenant, const OfferId& offer, std::int64_t revision
    ) const;
    std::shared_ptr<const Rulebook> asked_for(
        const TenantId& tenant, const rules::bumps::Question& question, const Row& row
    ) const;
    void note_displays(const TenantId& tenant, const rules::bumps::Question& question, Known& known)
        const;
    void note_stock(const TenantId& tenant, Timestamp now, Known& known) const;

    ReadSide reads_;
    const rules::prices::Source& prices_;
    mutable std::mutex mutex_;  // of the pages; what they hold never changes
    mutable std::unordered_map<TenantId, Page> pages_;
};

}  // namespace vitrine::queries
