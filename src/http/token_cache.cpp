#include "token_cache.hpp"

#include <sstream>

namespace referee::http {

void ScopeSet::add(const std::string& scopes) {
  std::istringstream words(scopes);
  std::string scope;
  while (words >> scope) {
    const auto colon = scope.rfind(':');
    auto& actions = actions_[scope.substr(0, colon)];
    if (colon == std::string::npos) continue;
    std::istringstream names(scope.substr(colon + 1));
    std::string action;
    while (std::getline(names, action, ',')) {
      if (!action.empty()) actions.insert(action);
    }
  }
}

std::vector<std::string> ScopeSet::list() const {
  std::vector<std::string> scopes;
  for (const auto& [resource, actions] : actions_) {
    std::string scope = resource;
    char separator = ':';
    for (const auto& action : actions) {
      scope += separator + action;
      separator = ',';
    }
    scopes.push_back(std::move(scope));
  }
  return scopes;
}

std::string ScopeSet::key() const {
  std::string key;
  for (const auto& scope : list()) key += scope + " ";
  return key;
}

std::shared_ptr<TokenEntry> TokenCache::entry(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMost) entries_.clear();
  auto& entry = entries_[key];
  if (!entry) entry = std::make_shared<TokenEntry>();
  return entry;
}

void TokenCache::remember(const std::string& origin, const std::string& scopes, std::shared_ptr<TokenEntry> entry) {
  const std::lock_guard lock(mutex_);
  if (served_.size() >= kMost) served_.clear();
  served_[origin + "\n" + scopes] = std::move(entry);
}

bool TokenCache::empty() {
  const std::lock_guard lock(mutex_);
  return served_.empty();
}

std::shared_ptr<TokenEntry> TokenCache::recall(const std::string& origin, const std::string& scopes) {
  const std::lock_guard lock(mutex_);
  const auto found = served_.find(origin + "\n" + scopes);
  return found == served_.end() ? nullptr : found->second;
}

}  // namespace referee::http
