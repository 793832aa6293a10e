#include "net/appointments.hpp"

namespace vitrine::net {

Appointment Appointments::make(Timestamp due, Timekeeper::Wake wake) {
    const auto key = std::pair(due, ++made_);
    book_->emplace(key, std::move(wake));
    return Appointment([book = std::weak_ptr(book_), key] {
        const auto held = book.lock();
        if (!held) return;
        // What the function holds may end other appointments: it goes when the book is whole again.
        const auto removed = held->extract(key);
    });
}

std::optional<Timestamp> Appointments::next() const {
    if (book_->empty()) return std::nullopt;
    return book_->begin()->first.first;
}

bool Appointments::is_due(Timestamp now) const {
    const auto earliest = next();
    return earliest && *earliest <= now;
}

Timekeeper::Wake Appointments::take_due(Timestamp now) {
    if (!is_due(now)) return {};
    return std::move(book_->extract(book_->begin()).mapped());
}

}  // namespace vitrine::net
