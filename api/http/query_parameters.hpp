#pragma once

#include "api/http/route.hpp"
#include "queries/list_parameters.hpp"

// Query parameters that several areas have.
namespace vitrine::api {

/// `period`, or `from` and `to`.
queries::DaysParameters days_of(const Call& call);

queries::ListParameters list_parameters(const Call& call);

inline constexpr Parameter limit{
    "limit", "entries of a page, 1 to 1000; 50 unless told", false, "integer"
};
inline constexpr Parameter cursor{"cursor", "next_cursor of the page before"};
inline constexpr Parameter type_filter{"type", "only of this type"};
inline constexpr Parameter words{
    "q",
    "only those whose name has these words; case and accents do not matter. A page looks at 10,000 "
    "entries, with as_of at some hundreds: it may be short or empty and still have a next_cursor, "
    "as with the other filters"
};
inline constexpr Parameter sort{
    "sort", "created_at, updated_at or name; a minus before it: descending"
};
inline constexpr Parameter period{
    "period",
    "today, 7_days, 30_days, 90_days, another number of days, current_month, previous_month, "
    "current_quarter: calendar days of America/Sao_Paulo, N days are today and those before; "
    "30_days unless told"
};
inline constexpr Parameter revenue_period{
    "period", "of the revenue, as elsewhere; everything unless told"
};
inline constexpr Parameter from{
    "from", "the first day (2026-03-01, of America/Sao_Paulo), instead of period"
};
inline constexpr Parameter to{"to", "the last day, today unless told; at most 3660 days"};

inline constexpr Parameter history_parameters[] = {limit, cursor};

}  // namespace vitrine::api
