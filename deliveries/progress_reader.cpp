#include "deliveries/progress_reader.hpp"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <limits>

#include "deliveries/progress.hpp"
#include "deliveries/progress_rows.hpp"

namespace vitrine::deliveries {
namespace {

using store::sqlite::Statement;

constexpr std::uint64_t beyond_all = std::numeric_limits<std::int64_t>::max();

Delivery taken_of(const Statement::Run& row) {
    Delivery delivery;
    delivery.position = row.unsigned_number(1);
    delivery.event_id.assign(row.text(2));
    delivery.type = row.text(3);
    delivery.stream.assign(row.text(4));
    delivery.state = State::taken;
    delivery.attempts = static_cast<int>(row.number(5));
    delivery.attempted_at = row.time(6);
    delivery.outcome = Answer::Outcome::taken;
    if (!row.is_null(7)) delivery.detail = Phrase(row.string(7), row.string(8));
    return delivery;
}

/// One more than asked for was read, if there is one.
void cut(DeliveryPage& page, std::vector<std::uint64_t>& places, std::size_t limit) {
    if (page.items.size() <= limit) return;
    page.items.resize(limit);
    if (limit > 0) page.next = places[limit - 1];
}

}  // namespace

ProgressReader::ProgressReader(const std::filesystem::path& data) : file_(progress_file(data)) {}

ProgressReader::~ProgressReader() = default;

SQLite::Database* ProgressReader::database() {
    if (!database_) database_ = open_progress_for_reading(file_);
    return database_.get();
}

DeliveryPage ProgressReader::list(
    const ReceiverName& name, State state, std::optional<std::uint64_t> before, std::size_t limit
) {
    const std::scoped_lock lock(mutex_);
    DeliveryPage page;
    if (database() == nullptr) return page;
    std::vector<std::uint64_t> places;
    const auto below = std::min(before.value_or(beyond_all), beyond_all);
    if (state == State::taken) {
        Statement select(
            database()->getHandle(),
            "SELECT t.number,t.position,event_id,type,stream,attempts,attempted_at,detail,detail_pt"
            " FROM taken t JOIN receivers r ON r.number=t.receiver"
            " WHERE r.tenant=? AND r.kind=? AND r.id=? AND t.number<?"
            " ORDER BY t.number DESC LIMIT ?"
        );
        for (auto row = select.run(name.tenant, name.kind, name.id, below, limit + 1);
             row.next();) {
            page.items.push_back(taken_of(row));
            places.push_back(row.unsigned_number(0));
        }
    } else {
        Statement select(
            database()->getHandle(),
            "SELECT " VITRINE_EXCEPTION
            " FROM exceptions WHERE receiver="
            "(SELECT number FROM receivers WHERE tenant=? AND kind=? AND id=?)"
            " AND state=? AND position<? ORDER BY position DESC LIMIT ?"
        );
        const int wanted = state == State::dead ? row_dead : row_pending;
        for (auto row = select.run(name.tenant, name.kind, name.id, wanted, below, limit + 1);
             row.next();) {
            page.items.push_back(delivery_of(row));
            places.push_back(page.items.back().position);
        }
    }
    cut(page, places, limit);
    return page;
}

std::vector<ReceiverStatus> ProgressReader::status(
    const std::optional<TenantId>& tenant, Position head
) {
    const std::scoped_lock lock(mutex_);
    std::vector<ReceiverStatus> all;
    if (database() == nullptr) return all;
    Statement select(
        database()->getHandle(),
        "SELECT r.tenant,r.kind,r.id,r.position,r.paused,r.dead,"
        " count(e.position),min(e.position),min(e.recorded_at)"
        " FROM receivers r LEFT JOIN exceptions e ON e.receiver=r.number AND e.state=0"
        " WHERE ?1 IS NULL OR r.tenant=?1 GROUP BY r.number ORDER BY r.tenant,r.kind,r.id"
    );
    for (auto row = select.run(tenant); row.next();) {
        ReceiverStatus status;
        status.name = {TenantId(row.text(0)), row.string(1), row.string(2)};
        status.position = row.unsigned_number(3);
        if (!row.is_null(7))
            status.position = std::min(status.position, row.unsigned_number(7) - 1);
        status.lag = head - std::min(status.position, head);
        status.paused = row.number(4) != 0;
        status.dead = row.unsigned_number(5);
        status.pending = row.unsigned_number(6);
        if (!row.is_null(8)) status.oldest = row.time(8);
        all.push_back(std::move(status));
    }
    return all;
}

}  // namespace vitrine::deliveries
