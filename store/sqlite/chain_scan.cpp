#include "store/sqlite/chain_scan.hpp"

#include <fmt/format.h>

#include <functional>

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t faults_kept = 100;

}  // namespace

ChainScan::ChainScan(sqlite3* c, const std::vector<NotedHead>& heads, bool sparse)
    : heads_(heads),
      sparse_(sparse),
      found_(heads.size()),
      scan_(
          c,
          "SELECT position, event_id, tenant, stream, version, type, schema, occurred_at, "
          "recorded_at, data, metadata, hash FROM event_log "
          "WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"
      ),
      version_before_(
          c,
          "SELECT coalesce(max(version), 0) FROM event_log "
          "WHERE tenant = ? AND stream = ? AND position < ?"
      ) {}

bool ChainScan::advance(Position last, std::size_t limit) {
    std::size_t seen = 0;
    auto rows = scan_.run(position_, last, limit);
    while (rows.next()) {
        look_at(rows);
        ++seen;
    }
    return seen == limit;
}

void ChainScan::look_at(const Statement::Run& row) {
    const auto position = row.unsigned_number(0);
    const auto expected = position_ + 1;
    position_ = position;
    ++events_;
    if (!sparse_ && position != expected) {
        add_fault(
            "positions",
            position == expected + 1
                ? fmt::format("event {} is missing", expected)
                : fmt::format("events {} to {} are missing", expected, position - 1)
        );
    }
    const auto tenant = row.text(2);
    const auto stream = row.text(3);
    const ChainLink link{
        .event_id = row.text(1),
        .tenant = tenant,
        .stream = stream,
        .version = row.unsigned_number(4),
        .type = row.text(5),
        .schema = static_cast<int>(row.number(6)),
        .occurred_at = row.time(7),
        .recorded_at = row.time(8),
        .data = row.text(9),
        .metadata = row.text(10),
    };
    auto known = chains_.find(tenant);
    if (known == chains_.end()) {
        known = chains_.emplace(std::string(tenant), Chain{0, hasher_.first(tenant)}).first;
    }
    auto& chain = known->second;
    const auto hash = hasher_.next(chain.head, link);
    const auto stored = parse_hash(row.text(11));
    if (stored != hash) {
        add_fault(
            "chain",
            fmt::format(
                "event {} of {} does not follow from the event before it by its hash: one of them "
                "was changed, removed, inserted or moved",
                link.event_id,
                tenant
            )
        );
    }
    // What was stored goes on: so the next fault is another one.
    chain.head = stored.value_or(hash);
    ++chain.events;
    check_version(tenant, stream, link.version);
    look_for_heads(tenant, chain.head);
}

void ChainScan::check_version(std::string_view tenant, std::string_view stream, Version version) {
    key_.assign(tenant).append(1, '\0').append(stream);
    auto& last = versions_[std::hash<std::string_view>{}(key_)];
    const auto expected = last + 1;
    last = version;
    if (version == expected) return;
    // Two streams may share a place in the table: ask the log itself.
    auto row = version_before_.run(tenant, stream, position_);
    const auto before = row.next() ? row.unsigned_number(0) : 0;
    if (version == before + 1) return;
    add_fault(
        "versions",
        fmt::format("{} of {} goes from version {} to version {}", stream, tenant, before, version)
    );
}

void ChainScan::look_for_heads(std::string_view tenant, const events::Hash& hash) {
    for (std::size_t i = 0; i < heads_.size(); ++i) {
        const auto& head = heads_[i];
        if (head.hash == hash && (!head.tenant || head.tenant->view() == tenant)) found_[i] = true;
    }
}

void ChainScan::add_fault(std::string check, std::string detail) {
    if (faults_.size() < faults_kept) {
        faults_.push_back({std::move(check), position_, std::move(detail)});
    }
}

void ChainScan::finish(VerifyReport& report) const {
    report.position = position_;
    report.events = events_;
    for (const auto& [tenant, chain] : chains_) {
        report.tenants.push_back({TenantId(tenant), chain.events, chain.head});
    }
    report.faults = faults_;
    for (std::size_t i = 0; i < heads_.size(); ++i) {
        if (found_[i]) continue;
        const auto& head = heads_[i];
        report.faults.push_back(
            {"head",
             0,
             fmt::format(
                 "the head {} is {}: its end was cut off, it was written anew, or the head is of "
                 "another log",
                 hash_text(head.hash),
                 head.tenant ? "not in the chain of " + head.tenant->str() : "in no chain"
             )}
        );
    }
}

}  // namespace vitrine::store::sqlite
