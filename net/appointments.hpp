#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "net/timekeeper.hpp"

namespace vitrine::net {

/// Who waits for which time, the earliest first. A cancelled one takes no room.
///
/// Concurrency: all on one thread.
class Appointments {
public:
    Appointment make(Timestamp due, Timekeeper::Wake wake);

    /// When the earliest is due.
    std::optional<Timestamp> next() const;
    bool is_due(Timestamp now) const;

    /// The earliest that is due, which is in the book no more; empty if none is.
    Timekeeper::Wake take_due(Timestamp now);

private:
    using Book = std::map<std::pair<Timestamp, std::uint64_t>, Timekeeper::Wake>;

    std::shared_ptr<Book> book_ = std::make_shared<Book>();
    std::uint64_t made_ = 0;
};

}  // namespace vitrine::net
