const t=process.cpuUsage(); const x=await import(process.argv[2]); const d=process.cpuUsage(t); console.log(process.argv[2],((d.user+d.system)/1000).toFixed(0));
