#pragma once

#include "gateways/clubify/question.hpp"

namespace vitrine::clubify {

/// An offer's looks, as the platform keeps them. Putting merges, one level deep, and answers the
/// whole offer.
Question<JsonText> get_layout(const ClubifyId& offer);
Question<JsonText> get_theme(const ClubifyId& offer);
Question<RemoteOffer> put_layout(const ClubifyId& offer, const JsonText& layout);
Question<RemoteOffer> put_theme(const ClubifyId& offer, const JsonText& theme);

}  // namespace vitrine::clubify
