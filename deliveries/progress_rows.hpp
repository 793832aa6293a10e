#pragma once

#include "deliveries/delivery.hpp"
#include "deliveries/progress_schema.hpp"
#include "store/sql/statement.hpp"

// For the .cpp files of progress.
namespace vitrine::deliveries {

// The columns that delivery_of and pending_of read.
#define VITRINE_EXCEPTION                                                                     \
    "position,event_id,type,stream,state,attempts,attempted_at,due,outcome,detail,detail_pt," \
    "order_key,recorded_at"

inline Answer::Outcome outcome_of(std::string_view name) {
    using enum Answer::Outcome;
    for (const auto outcome : {taken, again, refused, gone})
        if (name_of(outcome) == name) return outcome;
    return unknown;
}

inline Delivery delivery_of(const store::sqlite::Statement::Run& row) {
    Delivery delivery;
    delivery.position = row.unsigned_number(0);
    delivery.event_id.assign(row.text(1));
    delivery.type = row.text(2);
    delivery.stream.assign(row.text(3));
    delivery.state = row.number(4) == row_dead ? State::dead : State::pending;
    delivery.attempts = static_cast<int>(row.number(5));
    if (!row.is_null(6)) delivery.attempted_at = row.time(6);
    if (delivery.state == State::pending) delivery.due = row.time(7);
    if (!row.is_null(8)) delivery.outcome = outcome_of(row.text(8));
    if (!row.is_null(9)) delivery.detail = Phrase(row.string(9), row.string(10));
    return delivery;
}

inline Pending pending_of(const store::sqlite::Statement::Run& row) {
    return {
        .position = row.unsigned_number(0),
        .key = row.unsigned_number(11),
        .attempts = static_cast<int>(row.number(5)),
        .due = row.time(7),
        .recorded_at = row.time(12),
    };
}

}  // namespace vitrine::deliveries
