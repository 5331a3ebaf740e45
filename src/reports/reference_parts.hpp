#pragma once

#include <string>
#include <string_view>

#include "referee/reports/reference.hpp"

/// The pages of the reference, and what they share.
namespace referee::reports {

/// Prose in Markdown: what a parser would take for markup is escaped.
std::string prose(std::string_view text);
/// The same in a cell of a table.
std::string in_cell(std::string_view text);

/// `requirements-dist.md`: which page has a requirement.
std::string requirement_page(std::string_view id);
/// A requirement by its id, with a link to its row.
std::string requirement_link(std::string_view id);
std::string check_link(std::string_view id);
/// Stories and questions are checks once for each variant of the proposals; they are told once.
bool one_for_each_variant(const conformance::Check& check);
/// `stories/c.8` of `stories/c.8/e-tag`.
std::string stem(const std::string& id);
/// Links to these checks, in their order; those of one story are one.
std::vector<std::string> links_to(const std::vector<const conformance::Check*>& checks);
std::string fault_link(std::string_view name);
/// `MUST`, or `1.0: SHOULD, 1.1: MUST` where versions differ.
std::string levels(const conformance::Requirement& requirement);

/// The suites in the catalogue's order.
std::vector<std::string> suites_of(const conformance::Catalogue& catalogue);
ReferencePage checks_page(const Book& book, const std::string& suite);
/// One for each page that requirement_page() names.
std::vector<ReferencePage> requirement_pages(const Book& book, const std::vector<ReferenceEntry>& contents,
                                             const std::vector<ReferenceEntry>& clients);
ReferencePage faults_page(const Book& book);
ReferencePage entries_page(const Book& book, std::string file, std::string_view title, std::string_view head,
                           const std::vector<ReferenceEntry>& entries);

}  // namespace referee::reports
