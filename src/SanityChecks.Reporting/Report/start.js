document.querySelectorAll("table.sortable").forEach(sortable);
startCharts();
startMaps();
startSummary();
startScores();
