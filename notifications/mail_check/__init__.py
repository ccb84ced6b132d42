"""Can mail leave, and will it arrive: relay, domain, one test letter; each finding says what to do."""
