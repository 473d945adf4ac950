import { optionalText } from '../../flags.ts';

export const whereFlag = optionalText("Only the instances that it chooses: 'zone=a and age>30d'", 'SELECTOR');
